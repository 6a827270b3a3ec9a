"""The demo from beginning to end."""

from collections.abc import Callable

from scheduler.demo import broker as brokers
from scheduler.demo import local
from scheduler.demo.bell import Bell
from scheduler.demo.broker import Broker
from scheduler.demo.children import Options, children, environment, preparation
from scheduler.demo.errors import DemoError
from scheduler.demo.folder import Folder
from scheduler.demo.ports import answers, require_free
from scheduler.demo.process import Spec
from scheduler.demo.supervisor import StoppedError, Supervisor

READY = 90.0  # seconds that the pages may take to answer


def run_demo(options: Options, say: Callable[[str], None]) -> None:
    """Runs the demo until it is asked to stop; `say` takes sentences for a person. Raises DemoError."""
    folder = Folder(options.data)
    folder.wait_for_earlier_children()
    _require_ports(options)
    if options.reset:
        folder.reset()
    folder.prepare()
    broker = brokers.choose(folder.run, options.broker)
    with Bell(options.end_with_parent) as bell, Supervisor(bell, folder.children_lock, folder.logs, say) as supervisor:
        try:
            _start(options, folder, broker, supervisor, say)
            supervisor.watch(broker.tidy)
        except StoppedError:
            pass
        say("Stopping. What was about to go out waits for the next start.")


def _start(
    options: Options, folder: Folder, broker: Broker, supervisor: Supervisor, say: Callable[[str], None]
) -> None:
    if broker.spec:
        _start_broker(broker, broker.spec, supervisor)
    shared = environment(options, folder, broker)
    say(f"Preparing the data in {folder.path}.")
    supervisor.run_once(preparation(shared))
    for spec in children(options, folder, shared):
        supervisor.start(spec)
    supervisor.wait_until(lambda: answers(options.wall_port), "The wall", READY)
    supervisor.wait_until(lambda: answers(options.port), "Chorus", READY)
    say(f"\nChorus    {options.app}\nThe wall  {options.wall}\n")
    if options.networks == "local":
        for line in local.hints(options.local_port):
            say(f"Local     {line}")
    say(f"Its broker is {broker.name}. Everything it keeps is in {folder.path}.")
    say("Ctrl-C stops it; the data stays until you start it with RESET=1 (--reset).")


def _start_broker(broker: Broker, spec: Spec, supervisor: Supervisor) -> None:
    supervisor.start(spec)
    try:
        supervisor.wait_until(broker.answers, f"The broker, {broker.name},", 15)
    except DemoError as error:
        raise DemoError(f"{error} Or do without redis-server: start with BROKER=file (--broker file).") from error


def _require_ports(options: Options) -> None:
    if options.port == options.wall_port:
        raise DemoError(f"The app and the wall cannot both answer on port {options.port}: choose another WALL_PORT=.")
    require_free(options.port, "the app", "PORT=")
    require_free(options.wall_port, "the wall", "WALL_PORT=")
    if options.networks == "local":
        for number, slug in enumerate(local.addresses(options.local_port)):
            require_free(options.local_port + number, f"the local server of {slug}", "LOCAL_PORT=")
