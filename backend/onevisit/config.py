"""How is this installation set up? Read once from ONEVISIT_* and then never again."""

import os
import secrets
from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True)
class Config:
    """Every setting, with the default that a single machine needs."""

    database: str
    storage: str
    journal: Path | None
    var: Path
    secret: str
    today: date | None
    public_url: str
    secure_cookies: bool
    embedded_worker: bool
    max_photo_bytes: int
    seal_key: Path | None
    seal_certificate: Path | None
    timestamp_url: str | None
    access_minutes: int
    refresh_days: int
    pwa: Path
    migrations: Path
    log_level: str

    @property
    def sqlite(self) -> bool:
        """Is this the embedded database?"""
        return self.database.startswith("sqlite")


def from_environment(env: dict[str, str] | None = None) -> Config:
    """The configuration of this process; a missing secret is made once and kept under var."""
    given = dict(os.environ if env is None else env)

    def of(name: str, default: str = "") -> str:
        return given.get(f"ONEVISIT_{name}", default)

    var = Path(of("VAR", "var")).resolve()
    var.mkdir(mode=0o700, parents=True, exist_ok=True)  # records and photos are nobody else's
    root = Path(__file__).resolve().parents[2]
    return Config(
        database=of("DATABASE") or f"sqlite:///{var / 'onevisit.db'}",
        storage=of("STORAGE") or (var / "storage").as_uri(),
        journal=None if of("JOURNAL") == "none" else Path(of("JOURNAL") or var / "journal").resolve(),
        var=var,
        secret=of("SECRET") or kept_secret(var / "secret"),
        today=date.fromisoformat(of("TODAY")) if of("TODAY") else None,
        public_url=of("PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/"),
        secure_cookies=of("SECURE_COOKIES", "0") == "1",
        embedded_worker=of("EMBEDDED_WORKER", "1") == "1",
        max_photo_bytes=int(of("MAX_PHOTO_BYTES", str(16 * 1024 * 1024))),
        seal_key=Path(of("SEAL_KEY")) if of("SEAL_KEY") else None,
        seal_certificate=Path(of("SEAL_CERTIFICATE")) if of("SEAL_CERTIFICATE") else None,
        timestamp_url=of("TIMESTAMP_URL") or None,
        access_minutes=int(of("ACCESS_MINUTES", "15")),
        refresh_days=int(of("REFRESH_DAYS", "30")),
        pwa=Path(of("PWA") or root / "pwa" / "dist"),
        migrations=Path(of("MIGRATIONS") or root / "migrations"),
        log_level=of("LOG_LEVEL", "INFO"),
    )


def kept_secret(path: Path) -> str:
    """The secret in `path`; made by the first process that asks (0600), the same for all later ones."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(32))
    return path.read_text().strip()
