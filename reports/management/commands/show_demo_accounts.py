"""``manage show_demo_accounts``: who may sign in to the demo, and the password they share."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from reports.demo.accounts import DEMO_PASSWORD, shown_accounts


class Command(BaseCommand):
    help = "Prints one demo account per role."

    def handle(self, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("There are no demo accounts in production.")
        accounts = list(shown_accounts())
        if not accounts:
            self.stdout.write("There are no demo accounts yet: run seed_demo.")
            return
        width = max(len(account.username) for account in accounts)
        self.stdout.write(f"\nDemo accounts, all with the password {DEMO_PASSWORD}\n")
        for account in accounts:
            self.stdout.write(f"    {account.username:<{width}}  {account.role} – {account.place}")
