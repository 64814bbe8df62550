"""Files on records: kept whole, once, and never run by whoever opens them."""

from __future__ import annotations

import hashlib

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.resolution.makers import an_incident

from gnomon.records import actions
from gnomon.records.attachments import SHOWN, TYPES, path_of, plain_name
from gnomon.records.models import Attachment
from gnomon.records.queries import history
from gnomon.records.refusals import InvalidFacts
from gnomon.resolution.models import Incident

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.HOME = tmp_path


def a_file(name="photo.png", body=PNG):
    return SimpleUploadedFile(name, body)


def stored():
    return [place for place in (settings.HOME / "attachments").rglob("*") if place.is_file()]


def test_a_file_is_kept_whole_and_its_digest_stands_in_the_ledger(bob):
    incident = an_incident(by=bob)
    kept = actions.attach(incident, a_file(body=b"\x00\xff" * 5000), by=bob)
    digest = hashlib.sha256(b"\x00\xff" * 5000).hexdigest()
    assert (kept.name, kept.size, kept.sha256) == ("photo.png", 10_000, digest)
    assert path_of(digest).read_bytes() == b"\x00\xff" * 5000
    changes = history(incident)[1].changes
    assert (changes["name"], changes["size"], changes["sha256"]) == (
        [None, "photo.png"],
        [None, 10_000],
        [None, digest],
    )


def test_the_same_bytes_lie_once_however_often_they_are_sent(bob):
    incident, other = an_incident(by=bob), an_incident(by=bob)
    first = actions.attach(incident, a_file("a.png"), by=bob)
    again = actions.attach(incident, a_file("b.png"), by=bob)
    assert (first.known, again.known, again) == (False, True, first)
    assert len(history(incident)) == 2  # nothing happened the second time
    actions.attach(other, a_file("b.png"), by=bob)
    assert len(stored()) == 1
    assert Attachment.objects.count() == 2


def test_what_staff_keep_to_themselves_does_not_hide_the_same_file_from_the_requester(bob, carol):
    incident = an_incident(by=bob, requester=carol)
    actions.attach(incident, a_file(), by=bob, internal=True)
    hers = actions.attach(incident, a_file(), by=carol)
    assert (hers.known, hers.internal) == (False, False)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"), ("..\\..\\evil.txt", "evil.txt"), ("/abs/photo.png", "photo.png"),
        ("C:\\temp\\photo.png", "photo.png"), ("a\x00b.png", "ab.png"),
        ("a\r\nSet-Cookie: x.png", "aSet-Cookie: x.png"),
        ("gpj\u202egnp.png", "gpjgnp.png"), ("打印机 照片.png", "打印机 照片.png"), ("e\u0301.png", "é.png"),
        (" .photo.png. ", "photo.png"), ('"quoted".png', '"quoted".png'), ("half\ud800.png", "half.png"),
        ("x" * 400 + ".png", "x" * 180 + ".png"), ("", ""), ("..", ""), ("/", ""),
    ],
)  # fmt: skip
def test_a_name_is_the_last_part_of_a_path_and_harmless(sent, kept):
    assert plain_name(sent) == kept


@pytest.mark.parametrize(
    "name", ["run.exe", "run.sh", ".htaccess", "noending", "photo.png.exe", "a.png/", "png", "x.PHP"]
)
def test_a_type_that_is_not_kept_is_refused_with_a_way_out(bob, name):
    with pytest.raises(InvalidFacts, match=r"are not kept\. Put it into a \.zip file"):
        actions.attach(an_incident(by=bob), _Named(name), by=bob)
    assert stored() == []


class _Named:
    """An upload whose name nobody has cleaned yet."""

    size = 3

    def __init__(self, name, pieces=(b"abc",)):
        self.name, self.pieces = name, pieces

    def chunks(self):
        return iter(self.pieces)


def test_an_ending_counts_whatever_its_case(bob):
    assert actions.attach(an_incident(by=bob), a_file("PHOTO.PNG"), by=bob).media_type == "image/png"


def test_a_file_that_is_too_large_is_refused_whether_or_not_it_says_so(bob, settings):
    settings.ATTACHMENT_MAX_BYTES = 1000
    incident = an_incident(by=bob)
    for upload in (a_file(body=bytes(1001)), _Named("lies.png", [bytes(600), bytes(600)])):
        with pytest.raises(InvalidFacts, match="may have at most 1000"):
            actions.attach(incident, upload, by=bob)
    assert stored() == []  # not even a part of it stays
    assert incident.version == 1
    assert actions.attach(incident, a_file(body=bytes(1000)), by=bob).size == 1000


def test_an_empty_file_is_a_file(bob):
    assert actions.attach(an_incident(by=bob), a_file(body=b""), by=bob).size == 0


def test_a_record_holds_so_many_files_and_no_more(bob, settings):
    settings.ATTACHMENTS_PER_RECORD = 2
    incident, other = an_incident(by=bob), an_incident(by=bob)
    for n in range(2):
        actions.attach(incident, a_file(f"{n}.png", bytes(n)), by=bob)
    with pytest.raises(InvalidFacts, match="holds at most 2 files"):
        actions.attach(incident, a_file(), by=bob)
    assert actions.attach(other, a_file(), by=bob)


# --- pages ----------------------------------------------------------------------------------------


def send(browser, incident, *files):
    return browser.post(f"{incident.get_absolute_url()}/attach", {"file": list(files)})


def test_files_are_sent_and_fetched(bob, bob_browser):
    incident = an_incident(by=bob)
    assert send(bob_browser, incident, a_file("照片.png"), a_file("log.txt", b"line")).status_code == 302
    page = bob_browser.get(incident.get_absolute_url())
    assert "照片.png" in page.content.decode()
    urls = {file.name: file.url for file in page.context["attachments"]}
    answer = bob_browser.get(urls["log.txt"])
    assert b"".join(answer.streaming_content) == b"line"
    assert answer["Content-Disposition"] == 'attachment; filename="log.txt"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    picture = bob_browser.get(urls["照片.png"])
    assert picture["Content-Disposition"] == "inline; filename*=utf-8''%E7%85%A7%E7%89%87.png"


@pytest.mark.parametrize("name", ["page.html", "page.htm", "drawing.svg", "data.xml", "doc.pdf", "clip.mp4"])
def test_what_a_browser_would_run_is_saved_not_shown(bob, bob_browser, name):
    incident = an_incident(by=bob)
    send(bob_browser, incident, a_file(name, b"<script>alert(1)</script>"))
    answer = bob_browser.get(f"{incident.get_absolute_url()}/files/{Attachment.objects.get().pk}")
    assert answer["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in answer["Content-Security-Policy"]


def test_only_pictures_are_shown_in_the_page():
    assert {"svg", "html", "xml"} <= TYPES  # kept, but
    assert all(kind.startswith("image/") and "svg" not in kind for kind in SHOWN)


def test_sending_nothing_is_said(bob, bob_browser):
    answer = send(bob_browser, an_incident(by=bob))
    assert answer.status_code == 400
    assert "Choose one, then attach it." in answer.content.decode()


def test_of_several_files_all_are_kept_or_none(bob, bob_browser):
    incident = an_incident(by=bob)
    answer = send(bob_browser, incident, a_file(), a_file("run.exe"))
    assert answer.status_code == 400
    assert "are not kept" in answer.content.decode()
    assert not Attachment.objects.exists()
    assert Incident.objects.get().version == 1


def test_files_of_others_and_files_among_staff_are_nobody_elses(bob, carol, bob_browser, carol_browser, eve_browser):
    hers, his = an_incident(by=carol), an_incident(by=bob)
    shared, secret = (
        actions.attach(hers, a_file("a.png"), by=bob),
        actions.attach(hers, a_file("b.png"), by=bob, internal=True),
    )
    other = actions.attach(his, a_file("c.png"), by=bob)
    address = f"{hers.get_absolute_url()}/files"
    assert carol_browser.get(f"{address}/{shared.pk}").status_code == 200
    assert carol_browser.get(f"{address}/{secret.pk}").status_code == 404
    assert bob_browser.get(f"{address}/{secret.pk}").status_code == 200
    assert carol_browser.get(f"{address}/{other.pk}").status_code == 404  # of another record, through her own
    assert eve_browser.get(f"{address}/{shared.pk}").status_code == 404
    page = carol_browser.get(hers.get_absolute_url()).content.decode()
    assert "a.png" in page
    assert "b.png" not in page


def test_a_file_that_is_missing_from_the_store_is_said_to_be(bob, bob_browser):
    incident = an_incident(by=bob)
    kept = actions.attach(incident, a_file(), by=bob)
    path_of(kept.sha256).unlink()
    assert bob_browser.get(f"{incident.get_absolute_url()}/files/{kept.pk}").status_code == 404


def test_who_may_not_comment_may_not_attach(bob, eve, eve_browser, dave_browser):
    incident = an_incident(by=bob, requester=eve)
    assert send(eve_browser, incident, a_file()).status_code == 403
    assert send(dave_browser, incident, a_file()).status_code == 302  # auditors may say what they found
    assert Attachment.objects.count() == 1
