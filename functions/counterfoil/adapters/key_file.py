"""The one key of the embedded stores, in a file that only its owner reads."""

from __future__ import annotations

import base64
import contextlib
import os
import pathlib
import secrets
import stat

from counterfoil.adapters.sealer import KEY_BYTES, decoded_key
from counterfoil.core.errors import SettingsError


def master_key(path: pathlib.Path, *, sealed: tuple[pathlib.Path, ...] = ()) -> bytes:
    """32 bytes from `path`, made on first use.

    Raises SettingsError when others can read the file, when it holds no key, or when it is gone
    although the stores in `sealed` were written with one: a new key would not open them.
    """
    if not path.exists():
        _refuse_a_second_key(path, sealed)
        _make(path)
    try:
        with path.open("rb") as file:
            mode, text = os.fstat(file.fileno()).st_mode, file.read(200)
    except OSError as error:
        raise SettingsError(f"The key file {path.name} cannot be read.") from error
    if not stat.S_ISREG(mode) or mode & 0o077:
        raise SettingsError(
            f"The key file {path.name} can be read by others: set its mode to 0600, and think "
            "about who has read it."
        )
    try:
        return decoded_key(text)
    except ValueError:
        raise SettingsError(f"The key file {path.name} does not hold a key of 32 bytes.") from None


def _refuse_a_second_key(path: pathlib.Path, sealed: tuple[pathlib.Path, ...]) -> None:
    if any(store.exists() for store in sealed) and not path.exists():
        raise SettingsError(
            f"The key file {path.name} is missing, but there are secrets sealed with it. Put the "
            "file back, or remove the data folder to begin anew."
        )


def _make(path: pathlib.Path) -> None:
    # Written whole under another name and then linked: a kill leaves no half a key, and of
    # several processes one wins and the others read its key.
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
