"""frozen blocks: what was frozen for a draw leaves the draw's own row"""

import hashlib
import json
import zlib
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

PARTS = ("subjects", "excluded", "inspectors")
BLOCK = 12_000
LEAF, SALT = 32, 16
DRAWS = sa.table("draws", sa.column("id"), sa.column("frozen", sa.LargeBinary))
BLOCKS = sa.table(
    "frozen_blocks", sa.column("draw_id"), sa.column("part"), sa.column("number"),
    *(sa.column(name, sa.LargeBinary) for name in ("hashes", "codes", "salts", "pressed")),
)  # fmt: skip
Line = tuple[bytes, bytes, bytes]  # leaf, salt, entry with its reason behind a tab


def upgrade() -> None:
    """Some thousand entries a row; SQLite writes a row whole, and a draw's row is written at every step."""
    op.create_table(
        "frozen_blocks",
        sa.Column("draw_id", sa.String(length=36), nullable=False),
        sa.Column("part", sa.String(length=12), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.LargeBinary(), nullable=False) for name in ("hashes", "codes", "salts", "pressed")),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["draws.id"], name=op.f("fk_frozen_blocks_draw_id_draws"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("draw_id", "part", "number", name=op.f("pk_frozen_blocks")),
    )  # fmt: skip
    if op.get_bind().dialect.name == "postgresql":  # nothing in them can be pressed any further
        for name in ("hashes", "salts", "pressed"):
            op.execute(f"ALTER TABLE frozen_blocks ALTER COLUMN {name} SET STORAGE EXTERNAL")
    for draw_id in op.get_bind().scalars(sa.select(DRAWS.c.id)).all():
        kept = op.get_bind().scalar(sa.select(DRAWS.c.frozen).where(DRAWS.c.id == draw_id))
        for part, lines in _lists(bytes(kept or b"")):
            _keep(draw_id, part, lines)
    op.drop_column("draws", "frozen")
    for table in ("drawn_subjects", "drawn_inspectors"):  # their unique keys begin with the draw too
        op.drop_index(f"ix_{table}_draw_id", table)


def downgrade() -> None:
    """Back into one piece: counts and lengths, then leaves, salts, classes and entries of each list."""
    op.add_column(
        "draws", sa.Column("frozen", sa.LargeBinary(), nullable=False, server_default=sa.text("''"))
    )
    for draw_id in op.get_bind().scalars(sa.select(DRAWS.c.id)).all():
        rows = op.get_bind().execute(
            sa.select(BLOCKS.c.part, BLOCKS.c.hashes, BLOCKS.c.salts, BLOCKS.c.codes, BLOCKS.c.pressed)
            .where(BLOCKS.c.draw_id == draw_id)
            .order_by(BLOCKS.c.number)
        )
        blocks = rows.all()
        pieces, sizes = [], []
        for part in PARTS:
            some = [one for one in blocks if one.part == part]
            rows_ = [b"".join(bytes(one[at]) for one in some) for at in (1, 2, 3)]
            text = b"".join(zlib.decompress(one.pressed) + b"\n" for one in some)
            pieces.append(b"".join([*rows_, zlib.compress(text, 1)]))
            sizes.append([len(rows_[2]), len(pieces[-1])])
        whole = json.dumps(sizes).encode() + b"\n" + b"".join(pieces)
        op.get_bind().execute(
            sa.update(DRAWS).where(DRAWS.c.id == draw_id).values(frozen=whole if blocks else b"")
        )
    op.drop_table("frozen_blocks")
    for table in ("drawn_subjects", "drawn_inspectors"):
        op.create_index(f"ix_{table}_draw_id", table, ["draw_id"])


def _lists(kept: bytes) -> Iterator[tuple[str, list[Line]]]:
    """The three lists as earlier versions kept them: as JSON, or packed; nothing where nothing was frozen here."""
    if kept[:1] == b"{":
        whole = json.loads(kept)
        for part, name in zip(PARTS, ("entries", "excluded", "inspectors"), strict=True):
            yield part, sorted(map(_line, whole[name]))
    elif kept:
        head = kept.index(b"\n") + 1
        at = head
        for part, (count, size) in zip(PARTS, json.loads(kept[:head]), strict=True):
            yield part, _unpacked(kept[at : at + size], count)
            at += size


def _line(one: dict[str, Any]) -> Line:
    entry = json.dumps(one["entry"], ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    if hashlib.sha256(b"\x00" + bytes.fromhex(one["salt"]) + entry).hexdigest() != one["leaf"]:
        raise RuntimeError(f"entry does not fit its leaf {one['leaf']}")
    why = b"\t" + one["reason"].encode() if one.get("reason") else b""
    return bytes.fromhex(one["leaf"]), bytes.fromhex(one["salt"]), entry + why


def _unpacked(part: bytes, count: int) -> list[Line]:
    salts, codes = count * LEAF, count * (LEAF + SALT)
    texts = zlib.decompress(part[codes + count :]).split(b"\n")[:count] if count else []
    if len(texts) != count:
        raise RuntimeError("frozen lists are incomplete")
    return [
        (part[at * LEAF : (at + 1) * LEAF], part[salts + at * SALT : salts + (at + 1) * SALT], text)
        for at, text in enumerate(texts)
    ]


def _keep(draw_id: str, part: str, lines: list[Line]) -> None:
    for number, at in enumerate(range(0, len(lines), BLOCK)):
        some = lines[at : at + BLOCK]
        op.get_bind().execute(
            sa.insert(BLOCKS).values(
                draw_id=draw_id, part=part, number=number, hashes=b"".join(one[0] for one in some),
                codes=bytes(one[2].partition(b"\t")[0][-3] for one in some),
                salts=b"".join(one[1] for one in some),
                pressed=zlib.compress(b"\n".join(one[2] for one in some), 1),
            )
        )  # fmt: skip
