"""A backup taken in full swing, read back elsewhere: the shop goes on from there."""

from __future__ import annotations

import shutil

import pytest

from tests.scenarios.installation import Installation, installation, migrated, open_folder
from tests.scenarios.senders import Client, sending
from tests.scenarios.webhooks import order_placed


@pytest.mark.kill
@pytest.mark.slow
def test_what_was_acknowledged_before_a_backup_is_there_after_its_restore() -> None:
    with installation(copy_of=migrated()) as former, open_folder() as folder:
        shop = former.open_shop()
        saved = folder / "saved"
        with sending(former, shop, clients=3) as senders:
            senders.wait_for_more(100)
            acknowledged = set(senders.acknowledged)
            former.command("backup", str(saved))
            senders.wait_for_more(20)
        assert former.stop() == 0

        later = Installation(folder / "data")
        later.command("restore", str(saved))
        # Without it the secrets of connections stay closed, and no signature can be verified.
        shutil.copy(former.data_dir / "encryption.key", later.data_dir / "encryption.key")
        later.start()
        try:
            kept = set(
                later.sql(
                    "SELECT c.connector, substr(r.repeat_key, 4) FROM intake_record r"
                    " JOIN intake_connection c ON c.id = r.connection_id"
                )
            )
            assert acknowledged - kept == set()
            client = Client(later, shop)
            assert client.send(order_placed(700_001)).status == 200
            assert client.call("GET", "orders?limit=1")[0] == 200
            # What the backup caught between acceptance and digestion is digested now.
            later.wait_until_drained()
            assert later.sql("SELECT DISTINCT status FROM intake_record") == [("digested",)]
            assert later.one("SELECT count(*) FROM orders_order WHERE external_id = '5700001'") == 1
            assert later.stop() == 0
        finally:
            later.clear_away()
