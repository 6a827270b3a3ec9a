"""What changed between two texts."""

from campaign.services.differences import difference


def test_a_changed_word_is_gone_and_new():
    pieces = difference("Call us today", "Call us tomorrow")
    assert pieces == [("same", "Call us "), ("gone", "today"), ("new", "tomorrow")]


def test_the_same_text_has_no_changes():
    assert difference("Call us", "Call us") == [("same", "Call us")]


def test_both_texts_can_be_put_together_again():
    old, new = "One two\n\nthree four", "Zero one two\n\nfour five"
    pieces = difference(old, new)
    assert "".join(text for kind, text in pieces if kind != "new") == old
    assert "".join(text for kind, text in pieces if kind != "gone") == new
