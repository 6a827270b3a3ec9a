"""The publish log as CSV and JSON."""

import csv
import io
import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from scheduler.models import SegmentNumbers
from scheduler.services.export import COLUMNS, guarded
from tests.scheduler.views.log_rows import MORNING, entry_of, item_of, segment_of


def body(client: Client, address: str, **asked: str) -> str:
    answer = client.get(address, asked)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode()


def test_the_csv_has_a_header_and_a_line_for_each_entry(officer: Client):
    item = item_of()
    entry_of(item, facts={"url": "https://facebook.example/1"})
    (row,) = csv.DictReader(io.StringIO(body(officer, "/log/export.csv")))
    assert tuple(row) == COLUMNS
    assert row["organisation"] == "France Victimes"
    assert row["url"] == "https://facebook.example/1"


def test_the_json_is_a_list_of_the_same_entries(officer: Client):
    item = item_of()
    entry_of(item)
    entry_of(item, actor_role="editor", actor_organisation_id=item.channel.organisation_id)
    newest, first = json.loads(body(officer, "/log/export.json"))
    assert (newest["number"], first["number"]) == (2, 1)
    assert newest["actor_organisation"] == "France Victimes"


def test_an_empty_log_is_an_empty_list(officer: Client):
    assert json.loads(body(officer, "/log/export.json")) == []


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe(start: str):
    assert guarded(f"{start}1+1") == f"'{start}1+1"


def test_an_organisation_called_like_a_formula_is_guarded_in_the_file(officer: Client):
    item = item_of()
    item.channel.name = "=HYPERLINK(1)"
    item.channel.save()
    entry_of(item)
    (row,) = csv.DictReader(io.StringIO(body(officer, "/log/export.csv")))
    assert row["channel"] == "'=HYPERLINK(1)"


def test_the_file_holds_what_the_filter_keeps(officer: Client):
    entry_of(item_of(network="facebook"))
    entry_of(item_of(network="x"))
    rows = json.loads(body(officer, "/log/export.json", network="x"))
    assert [row["network"] for row in rows] == ["x"]


def test_a_member_exports_only_its_own_lines(editor_pt: Client):
    entry_of(item_of("france-victimes"))
    assert json.loads(body(editor_pt, "/log/export.json")) == []


def test_a_bad_date_gives_the_page_and_no_file(officer: Client):
    answer = officer.get("/log/export.csv", {"since": "soon"})
    assert answer.status_code == 422
    assert "Content-Disposition" not in answer.headers


def test_the_file_is_streamed_under_a_name_with_its_day(officer: Client):
    answer = officer.get("/log/export.csv")
    assert answer.streaming
    assert 'filename="publish-log-' in answer.headers["Content-Disposition"]


def test_the_line_that_says_a_part_is_out_carries_its_numbers(officer: Client):
    item = item_of()
    segment = segment_of(item, published_at=MORNING)
    SegmentNumbers.objects.create(segment=segment, likes=3, shares=0, replies=1, read_at=MORNING)
    entry_of(item, "segment:published", facts={"position": 0})
    entry_of(item, "segment:published", facts={"position": 1})
    entry_of(item, "item:published")
    whole, second, first = json.loads(body(officer, "/log/export.json"))
    told = [first[name] for name in ("likes", "shares", "replies", "views", "numbers_read_at")]
    assert told == [3, 0, 1, "", MORNING.isoformat()]
    assert (second["likes"], whole["likes"], whole["numbers_read_at"]) == ("", "", "")


def test_numbers_cost_one_question_however_many_lines_there_are(officer: Client):
    def questions() -> int:
        with CaptureQueriesContext(connection) as caught:
            body(officer, "/log/export.csv")
        return len(caught)

    for _ in range(2):
        SegmentNumbers.objects.create(segment=segment_of(item := item_of()), likes=1, read_at=MORNING)
        entry_of(item, "segment:published", facts={"position": 0})
    few = questions()
    for _ in range(5):
        SegmentNumbers.objects.create(segment=segment_of(item := item_of()), likes=1, read_at=MORNING)
        entry_of(item, "segment:published", facts={"position": 0})
    assert questions() == few
