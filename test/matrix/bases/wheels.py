"""Wheels out of packages that Debian has installed: python wheels.py FOLDER NAME…"""

import base64
import hashlib
import pathlib
import sys
import zipfile
from importlib.metadata import Distribution

INSTALLED = pathlib.Path("/usr/lib/python3/dist-packages")


def digest(data: bytes) -> str:
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def wheel(name: str, into: pathlib.Path) -> None:
    found = [*INSTALLED.glob(f"{name}-*.dist-info"), *INSTALLED.glob(f"{name.capitalize()}-*.dist-info")]
    info = found[0]
    version = Distribution.at(info).version
    folder = f"{name}-{version}.dist-info"
    files = {
        str(path.relative_to(INSTALLED)): path.read_bytes()
        for path in (INSTALLED / name).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    for path in info.rglob("*"):
        if path.is_file() and path.name not in ("RECORD", "WHEEL", "INSTALLER", "direct_url.json", "REQUESTED"):
            files[f"{folder}/{path.relative_to(info)}"] = path.read_bytes()
    files[f"{folder}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    record = "".join(f"{path},{digest(data)},{len(data)}\n" for path, data in files.items())
    files[f"{folder}/RECORD"] = f"{record}{folder}/RECORD,,\n".encode()
    with zipfile.ZipFile(into / f"{name}-{version}-py3-none-any.whl", "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(path, (2020, 1, 1, 0, 0, 0)), data)


target = pathlib.Path(sys.argv[1])
target.mkdir(parents=True)
for each in sys.argv[2:]:
    wheel(each, target)
