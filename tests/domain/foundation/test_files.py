"""Files that people hand in: only what can be looked at, without what hides in it, sealed where nobody guesses."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image

from zhiyuan.domain.foundation.files import MOST_BYTES, Folder, Upload, UploadObstacle, look_at
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.foundation.sealed import SealBroken

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
GPS = 0x8825


def a_picture(kind="JPEG", size=(60, 40), **saving):
    written = BytesIO()
    Image.new("RGB", size, "red").save(written, format=kind, **saving)
    return written.getvalue()


def a_photo():
    """With the place where it was taken, and lying on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (35.0, 40.0, 30.0)
    return a_picture(exif=exif)


def refusal_of(content):
    with pytest.raises(Refused) as refusal:
        look_at(content)
    return refusal.value.obstacle


@pytest.mark.parametrize(("kind", "suffix"), [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")])
def test_pictures_are_taken_and_can_be_opened_again(kind, suffix):
    upload = look_at(a_picture(kind))

    assert upload.suffix == suffix
    assert Image.open(BytesIO(upload.content)).size == (60, 40)


def test_where_a_picture_was_taken_does_not_come_along_and_it_stands_upright():
    photo = a_photo()
    assert dict(Image.open(BytesIO(photo)).getexif().get_ifd(GPS))

    kept = Image.open(BytesIO(look_at(photo).content))

    assert not kept.getexif()
    assert kept.size == (40, 60)


def test_a_plain_pdf_is_taken_as_it_is():
    assert look_at(PDF) == Upload("pdf", PDF)


REFUSED = {
    "a program": (b"MZ\x90\x00", UploadObstacle.NOT_ALLOWED),
    "a page": (b"<html><script>alert(1)</script>", UploadObstacle.NOT_ALLOWED),
    "a drawing with scripts": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", UploadObstacle.NOT_ALLOWED),
    "a GIF": (a_picture("GIF"), UploadObstacle.NOT_ALLOWED),
    "nothing": (b"", UploadObstacle.NOT_ALLOWED),
    "half a picture": (a_picture(size=(600, 400))[:800], UploadObstacle.BROKEN),
    "a picture in name only": (b"\xff\xd8\xff" + b"x" * 99, UploadObstacle.BROKEN),
    "half a PDF": (PDF[:20], UploadObstacle.BROKEN),
    "a PDF with a program": (PDF.replace(b"/Type", b"/OpenAction<</S/JavaScript/JS(x)>>/Type"), UploadObstacle.ACTIVE),
    "too many bytes": (PDF + b" " * MOST_BYTES, UploadObstacle.TOO_LARGE),
    "too many pixels": (a_picture("PNG", size=(9000, 4000)), UploadObstacle.TOO_LARGE),
    "very many pixels": (a_picture("PNG", size=(12000, 9000)), UploadObstacle.BROKEN),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_refused(what):
    content, obstacle = REFUSED[what]

    assert refusal_of(content) == obstacle


# Keeping --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(settings, tmp_path):
    settings.DATA = tmp_path
    return Folder("papers")


def files_in(folder, tmp_path):
    return [path for path in (tmp_path / "files" / folder.name).rglob("*") if path.is_file()]


def test_a_kept_file_is_sealed_and_reads_back(folder, tmp_path):
    name = folder.keep(Upload("pdf", PDF))

    [path] = files_in(folder, tmp_path)
    assert path.name == name
    assert b"Catalog" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    assert folder.read(name) == PDF


def test_a_file_in_another_s_place_does_not_open(folder, tmp_path):
    names = [folder.keep(Upload("pdf", content)) for content in (PDF, PDF + b"2")]
    paths = {path.name: path for path in files_in(folder, tmp_path)}
    paths[names[0]].write_bytes(paths[names[1]].read_bytes())

    with pytest.raises(SealBroken):
        folder.read(names[0])


@pytest.mark.parametrize("name", ["../../../etc/passwd", "a.pdf", "0" * 26 + ".exe", "0" * 26])
def test_only_names_that_it_gave_are_read(folder, name):
    with pytest.raises(ValueError, match="no name"):
        folder.read(name)


@pytest.mark.django_db
def test_a_file_goes_when_its_row_is_gone_for_good(folder, tmp_path, django_capture_on_commit_callbacks):
    name = folder.keep(Upload("pdf", PDF))

    with django_capture_on_commit_callbacks(execute=True):
        folder.discard(name)
        assert len(files_in(folder, tmp_path)) == 1

    assert files_in(folder, tmp_path) == []


def test_what_no_row_names_is_swept_after_a_day(folder, tmp_path):
    named, orphan = (folder.keep(Upload("pdf", PDF)) for _ in range(2))
    now = datetime.now(UTC)

    assert folder.sweep({named}, at=now) == 0
    assert folder.sweep({named}, at=now + timedelta(days=2)) == 1
    assert [path.name for path in files_in(folder, tmp_path)] == [named]
    assert orphan != named
