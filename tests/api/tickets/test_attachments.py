"""Files: known by their content, named harmlessly, scanned where there is a scanner, seen only with their ticket."""

import socketserver
import struct
import threading
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from hotline.rules.handling.upload import LARGEST, safe_name
from hotline.storage.file_store import FileStore, Scanner
from tests.support.build import Builder
from tests.support.calls import Calls

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32
VIRUS = "含有测试病毒".encode()


def send(call: Calls, who: str | None, path: str, name: str, content: bytes, **fields: str) -> Any:
    headers = {"Authorization": f"Bearer {call.cast.tokens[who]}"} if who else {}
    data = {**fields, "file": (BytesIO(content), name)}
    return call.client.post(f"/api/v1{path}/attachments", data=data, headers=headers)


def test_a_file_is_kept_under_its_hash_and_comes_back_as_a_download(call: Calls, build: Builder, app: Flask) -> None:
    number = build.ticket("handling", NOW)
    path = f"/tickets/{number}"
    answer = send(call, "handler", path, "../../etc/营业执照.exe", PDF)
    assert (answer.status_code, answer.get_json()["name"]) == (201, "营业执照.exe.pdf")
    (row,) = call.ok("reviewer", "GET", path)["attachments"]
    got = call("reviewer", "GET", f"{path}/attachments/{row['id']}")
    assert got.data == PDF
    assert got.headers["Content-Type"] == "application/pdf"
    assert got.headers["Content-Disposition"].startswith("attachment;")
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    folder = app.extensions["hotline"].store.folder
    assert [len(file.name) for file in folder.rglob("*") if file.is_file()] == [64]
    call.refused("other_handler", "GET", f"{path}/attachments/{row['id']}", 404)
    call.refused("inspector", "GET", f"{path}/attachments/{row['id']}", 404)
    other = build.ticket("dispatched", NOW, unit="tax")
    call.refused("other_handler", "GET", f"/tickets/{other}/attachments/{row['id']}", 404)
    folder.rename(folder.with_name("elsewhere"))
    call.refused("reviewer", "GET", f"{path}/attachments/{row['id']}", 503)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.pdf", b"", "文件是空的"),
        ("a.pdf", b"<html><script>alert(1)</script>", None),
        ("a.pdf", b"MZ\x90\0\x03\0\0\0", "不能上传这种文件"),
        ("a.zip", b"PK\x03\x04\0\0\0\0", "不能上传这种文件"),
        ("a.txt", b"a\0b", "不能上传这种文件"),
        ("a.pdf", PDF + b"\0" * LARGEST, "文件不能超过20MB"),
    ],
)
def test_what_is_not_taken_is_said_in_one_sentence(
    call: Calls, build: Builder, name: str, content: bytes, sentence: str | None
) -> None:
    number = build.ticket("handling", NOW)
    answer = send(call, "handler", f"/tickets/{number}", name, content)
    if sentence is None:
        # Text that looks like a page is kept as text, and handed out as a download.
        assert (answer.status_code, answer.get_json()["name"]) == (201, "a.pdf.txt")
        return
    assert answer.status_code == 422 and sentence in answer.get_json()["detail"]
    assert call.ok("reviewer", "GET", f"/tickets/{number}")["attachments"] == []


def heif(major: bytes, *others: bytes) -> bytes:
    brands = b"ftyp" + major + bytes(4) + b"".join(others)
    return (len(brands) + 4).to_bytes(4) + brands + bytes(64)


def zipped(*names: str) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "kept"),
    [
        ("IMG_0001.HEIC", heif(b"heic", b"mif1", b"heic"), "IMG_0001.heic"),
        ("IMG_0002.heif", heif(b"mif1", b"mif1", b"heic"), "IMG_0002.heif"),
        ("照片", heif(b"heix"), "照片.heic"),
        ("照片.jpg", heif(b"hevc", b"msf1"), "照片.jpg.heic"),
        ("合同.ofd", zipped("OFD.xml", "Doc_0/Document.xml"), "合同.ofd"),
        ("发票.OFD", zipped("Doc_0/Document.xml", "OFD.xml"), "发票.ofd"),
        ("发票.zip", zipped("OFD.xml"), "发票.zip.ofd"),
    ],
)
def test_pictures_of_telephones_and_ofd_are_taken_by_their_content(
    call: Calls, build: Builder, name: str, content: bytes, kept: str
) -> None:
    number = build.ticket("handling", NOW)
    answer = send(call, "handler", f"/tickets/{number}", name, content)
    assert (answer.status_code, answer.get_json()["name"]) == (201, kept)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.heic", heif(b"avif", b"mif1")),
        ("a.heic", heif(b"mif1", b"mif1", b"avif")),
        ("a.heic", b"MZ\x90\0\x03\0\0\0ftypheic"),
        ("a.ofd", zipped("ofd/OFD.xml")),
        ("a.ofd", zipped("run.exe")),
        ("a.ofd", zipped("OFD.xml")[:-10]),
        ("a.ofd", b"PK\x03\x04OFD.xml" + bytes(40)),
    ],
)
def test_what_only_calls_itself_so_is_refused(call: Calls, build: Builder, name: str, content: bytes) -> None:
    number = build.ticket("handling", NOW)
    answer = send(call, "handler", f"/tickets/{number}", name, content)
    assert answer.status_code == 422 and "不能上传这种文件" in answer.get_json()["detail"]


def test_a_body_beyond_all_measure_and_none_at_all_are_refused(call: Calls, build: Builder) -> None:
    number = build.ticket("handling", NOW)
    assert send(call, "handler", f"/tickets/{number}", "a.pdf", PDF * 800_000).status_code == 413
    call.refused("handler", "POST", f"/tickets/{number}/attachments", 422)


def test_the_paper_of_a_secret_enterprise_is_for_the_centre_unless_made_ready(call: Calls, build: Builder) -> None:
    number = build.ticket("handling", NOW, confidential=True)
    assert build.logged is not None
    path, code = f"/tickets/{number}", build.logged.query_code
    assert send(call, None, f"/public{path}", "甲乙机械公司合同.pdf", PDF, code=code).status_code == 201
    assert send(call, None, f"/public{path}", "x.pdf", PDF, code="WRONG2").status_code == 404
    assert send(call, "operator", path, "脱敏.png", PNG, for_unit="true").status_code == 201
    assert send(call, "handler", path, "现场.png", PNG + b"1", for_unit="false").status_code == 201
    seen = call.ok("handler", "GET", path)
    assert [row["name"] for row in seen["attachments"]] == ["脱敏.png", "现场.png"]
    text = str(seen) + call("handler", "GET", f"{path}/timeline").get_data(as_text=True)
    assert "甲乙" not in text
    hidden = call.ok("reviewer", "GET", path)["attachments"][0]
    call.refused("handler", "GET", f"{path}/attachments/{hidden['id']}", 404)
    assert call("reviewer", "GET", f"{path}/attachments/{hidden['id']}").status_code == 200


def test_a_ticket_takes_twenty_and_an_ended_one_none(call: Calls, build: Builder) -> None:
    number = build.ticket("handling", NOW)
    for index in range(20):
        assert send(call, "handler", f"/tickets/{number}", f"{index}.png", PNG).status_code == 201
    assert send(call, "handler", f"/tickets/{number}", "more.png", PNG).status_code == 409
    ended = build.anywhere("withdrawn", NOW)
    assert send(call, "handler", f"/tickets/{ended}", "late.png", PNG).status_code == 409


class Clamd(socketserver.BaseRequestHandler):
    """A daemon that speaks clamd's INSTREAM, and finds one word."""

    def handle(self) -> None:
        stream = self.request.makefile("rb")
        assert stream.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!I", stream.read(4))[0]:
            content += stream.read(size)
        found = b"stream: Test-Signature FOUND\0" if VIRUS in content else b"stream: OK\0"
        self.request.sendall(found)


@pytest.fixture
def clamd() -> Iterator[str]:
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clamd)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_a_scanner_is_asked_and_a_silent_one_takes_nothing(call: Calls, build: Builder, app: Flask, clamd: str) -> None:
    number = build.ticket("handling", NOW)
    path = f"/tickets/{number}"
    app.extensions["hotline"].scanner = Scanner(clamd, timeout=5)
    assert send(call, "handler", path, "a.txt", "干净的文字".encode() * 30_000).status_code == 201
    answer = send(call, "handler", path, "b.txt", VIRUS)
    assert (answer.status_code, "Test-Signature" in answer.get_json()["detail"]) == (422, True)
    app.extensions["hotline"].scanner = Scanner("/nowhere/clamd.sock", timeout=1)
    answer = send(call, "handler", path, "c.txt", b"c")
    assert (answer.status_code, answer.get_json()["code"]) == (503, "scanner-silent")
    (row,) = call.ok("reviewer", "GET", path)["attachments"]
    assert (row["name"], row["scanned"]) == ("a.txt", True)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("..\\..\\boot.ini", "boot.ini.pdf"),
        ("合同（终版）.PDF", "合同(终版).pdf"),
        ("\u202egpj.exe", "gpj.exe.pdf"),
        ("", "附件.pdf"),
        ("...", "附件.pdf"),
        ("a" * 300 + ".pdf", "a" * 120 + ".pdf"),
        ('<img src=x onerror="1">.pdf', "img src=x onerror=1.pdf"),
    ],
)
def test_a_name_is_only_a_name(name: str, kept: str) -> None:
    assert safe_name(name, "application/pdf") == kept


@pytest.mark.parametrize("digest", ["../../etc/passwd", "", "A" * 64, "0" * 63])
def test_no_name_but_a_hash_is_read(tmp_path: Any, digest: str) -> None:
    with pytest.raises(ValueError, match="not the name"):
        FileStore(tmp_path).read(digest)
