"""The stores that the settings name, and the keys of what is sealed in them.

Each is made on first use: a function that keeps nothing loads no client of a store, and one that
opens nothing asks for no key. Google's clients cost a fifth of a second and 30 MB to load.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, cast

from counterfoil.core.errors import SettingsError
from counterfoil.core.stores import SecretGone
from counterfoil.later import Later
from counterfoil.settings import CloudStores, EmbeddedStores

if TYPE_CHECKING:
    from counterfoil.adapters.firestore_records import FirestoreRecords
    from counterfoil.adapters.sealer import AesSealer
    from counterfoil.flows.ports import Records, Sealer, Secrets

MASTER_KEY = "key"  # its secret, which with our prefix is counterfoil-key


@dataclass(frozen=True, slots=True)
class Stores:
    """Where everything is kept, and the keys for what is sealed: the first seals, all open."""

    records: Records
    secrets: Secrets
    # Asked once. Raises SettingsError when a key is not there, and ServiceUnavailable.
    read_keys: Callable[[], tuple[bytes, ...]] = field(repr=False)
    # Deletes what has expired. Firestore does that by itself.
    purge: Callable[[datetime], int] = lambda now: 0

    @property
    def keys(self) -> tuple[bytes, ...]:
        return self.read_keys()

    def sealer(self, purpose: str) -> Sealer:
        """Made when something is first sealed or opened."""
        return _sealer(self.read_keys, purpose)


def made_stores(stores: EmbeddedStores | CloudStores) -> Stores:
    """Stores whose keys are there. Raises SettingsError and ServiceUnavailable."""
    made = stores_later(stores)
    made.read_keys()
    return made


def stores_later(stores: EmbeddedStores | CloudStores) -> Stores:
    """Stores that are made on first use."""
    if isinstance(stores, CloudStores):
        return _cloud(stores)
    opened = cast("Stores", Later(lambda: _embedded(stores)))
    return Stores(
        cast("Records", Later(lambda: opened.records)),
        cast("Secrets", Later(lambda: opened.secrets)),
        lambda: opened.keys,
        lambda now: opened.purge(now),
    )


def _embedded(stores: EmbeddedStores) -> Stores:
    from counterfoil.adapters.key_file import master_key
    from counterfoil.adapters.sealed_secrets import SealedSecrets
    from counterfoil.adapters.sqlite_records import SqliteRecords

    stores.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    sealed = stores.data / "secrets.sqlite"
    key = master_key(stores.data / "key", sealed=(sealed,))
    records = SqliteRecords(stores.data / "records.sqlite")
    secrets = SealedSecrets(sealed, key)

    def purge(now: datetime) -> int:
        from counterfoil.flows.retention import EXPIRING

        secrets.purge()
        return records.purge(EXPIRING, now)

    return Stores(records, secrets, lambda: (key,), purge)


def _cloud(stores: CloudStores) -> Stores:
    records = cast("FirestoreRecords", Later(lambda: _firestore(stores)))
    secrets = cast("Secrets", Later(lambda: _secret_manager(stores)))
    keys = functools.cache(lambda: _keys(secrets, stores.key_versions))
    if not stores.envelopes:
        return Stores(records, secrets, keys)
    return Stores(records, cast("Secrets", Later(lambda: _envelopes(records, keys))), keys)


def _firestore(stores: CloudStores) -> FirestoreRecords:
    from counterfoil.adapters.firestore_records import FirestoreRecords, client

    return FirestoreRecords(
        stores.project, lambda: client(stores.firestore_host), database=stores.database
    )


def _secret_manager(stores: CloudStores) -> Secrets:
    from counterfoil.adapters.secret_manager_secrets import SecretManagerSecrets, client

    return SecretManagerSecrets(stores.project, lambda: client(stores.secret_manager_host))


def _envelopes(records: FirestoreRecords, keys: Callable[[], tuple[bytes, ...]]) -> Secrets:
    from counterfoil.adapters.sealed_envelopes import SealedEnvelopes

    return SealedEnvelopes(records.together, _sealer(keys, "secrets"))


def _sealer(keys: Callable[[], tuple[bytes, ...]], purpose: str) -> AesSealer:
    def made() -> AesSealer:
        from counterfoil.adapters.sealer import AesSealer

        return AesSealer(*keys(), purpose=purpose)

    return cast("AesSealer", Later(made))


def _keys(secrets: Secrets, versions: tuple[str, ...]) -> tuple[bytes, ...]:
    from counterfoil.adapters.sealer import decoded_key

    try:
        return tuple(decoded_key(secrets.read(MASTER_KEY, version)) for version in versions)
    except (SecretGone, ValueError):
        raise SettingsError(
            f"COUNTERFOIL_KEY_VERSIONS names {', '.join(versions)}, but the secret "
            f"counterfoil-{MASTER_KEY} does not hold a key of 32 bytes in each of them "
            "(docs/deploy.md: The master key)."
        ) from None
