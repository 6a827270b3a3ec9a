# One image for every service of docker-compose.yml: web, workers, beat, migrate.

# The front-end packages (Bootstrap, its icons, the typeface): tools/frontend.py copies the few files that pages ask for.
FROM node:22-bookworm-slim AS frontend
RUN apt-get update && apt-get install --yes --no-install-recommends python3 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY tools/frontend.py tools/frontend.py
RUN python3 tools/frontend.py

FROM python:3.11-slim-bookworm AS packages
WORKDIR /app
RUN python -m venv /app/.venv && /app/.venv/bin/pip install --quiet --no-cache-dir 'uv>=0.13,<0.14'
COPY pyproject.toml uv.lock ./
RUN UV_PYTHON_DOWNLOADS=never UV_PROJECT_ENVIRONMENT=/app/.venv /app/.venv/bin/uv sync --frozen --no-dev --inexact

FROM python:3.11-slim-bookworm
# The revision that this image was made from; the status page shows it.
ARG REVISION=""
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    CHORUS_DATA=/data CHORUS_STATIC=/app/staticfiles CHORUS_REVISION=$REVISION
WORKDIR /app
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin chorus \
    && install --directory --owner chorus --group chorus /data
COPY --from=packages /app/.venv /app/.venv
COPY . .
COPY --from=frontend /app/static/vendor static/vendor
# Names and sizes of static files are worked out once. No secret is needed for it, and none is kept: these values are
# thrown away with the command.
RUN DATABASE_URL=postgres://none CHORUS_ALLOWED_HOSTS=none CHORUS_SECRET_KEY=only-to-collect-static-files \
    CHORUS_ENCRYPTION_KEYS=b25seS10by1jb2xsZWN0LXN0YXRpYy1maWxlcy0wMDA= \
    python manage.py collectstatic --no-input
USER chorus
EXPOSE 8000
CMD ["gunicorn", "--config", "python:config.gunicorn", "config.wsgi:application"]
