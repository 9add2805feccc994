"""Migration operations that make a table a merchant's own in the database itself.

Every merchant's table gets the key `(merchant_id, id)`, references that carry the merchant on both ends,
and a forced row-level-security policy. That is the shape a Citus cluster distributes by `merchant_id`
without a rewrite; `tests/kernel/test_walls.py` walks all models and the catalog for it.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db.migrations.operations import RunSQL

MERCHANT_IS_CURRENT = "merchant_id = nullif(current_setting('app.merchant_id', true), '')::uuid"


def wall(table: str, references: Mapping[str, str] | None = None, *, on_delete: str = "CASCADE") -> RunSQL:
    """Wall in one table.

    :param references: columns that point at other walled tables, as `{"order_id": "orders_order"}`.
    """
    statements = [
        f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey",
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_pkey PRIMARY KEY (merchant_id, id)",
        *(
            f"ALTER TABLE {table} ADD CONSTRAINT {table}_{column}_fk FOREIGN KEY (merchant_id, {column})"
            f" REFERENCES {target} (merchant_id, id) ON DELETE {on_delete}"
            for column, target in (references or {}).items()
        ),
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY merchant_wall ON {table} USING ({MERCHANT_IS_CURRENT}) WITH CHECK ({MERCHANT_IS_CURRENT})",
    ]
    return RunSQL(";\n".join(statements), RunSQL.noop)


def wall_of_merchants(table: str) -> RunSQL:
    """Wall in the list of merchants: a merchant sees itself, an operator sees all."""
    rule = (
        "id = nullif(current_setting('app.merchant_id', true), '')::uuid"
        " OR current_setting('app.operator', true) = 'on'"
    )
    return RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;\n"
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;\n"
        f"CREATE POLICY merchant_wall ON {table} USING ({rule}) WITH CHECK ({rule})",
        RunSQL.noop,
    )


def wall_for_writing(table: str) -> RunSQL:
    """Wall in a table that is asked before it is known whose request this is: all may read it.

    A merchant may write its own rows, an operator all.
    """
    own = f"{MERCHANT_IS_CURRENT} OR current_setting('app.operator', true) = 'on'"
    return RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;\n"
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;\n"
        f"CREATE POLICY merchant_wall ON {table} USING ({own}) WITH CHECK ({own});\n"
        f"CREATE POLICY open_to_readers ON {table} FOR SELECT USING (true)",
        RunSQL.noop,
    )
