"""What the person before the screen sees of an import: its progress, a table in the end."""

from rich.table import Table

from app.activities.importing.report import ImportReport
from app.plumbing.console import Screen as Progress


class Screen(Progress):
    """Where an import is told of."""

    def table(self, report: ImportReport) -> None:
        """Lines by status, and by reason where there is one."""
        table = Table("status", "reason", "lines")
        table.columns[2].justify = "right"
        for status, count in report.counts.items():
            reasons = report.reasons.get(status, {})
            table.add_row(status, "", str(count), style="bold" if reasons else None)
            for reason, part in reasons.items():
                table.add_row("", reason, str(part))
        table.add_section()
        table.add_row("all", "", str(report.lines))
        self.console.print(table)
        if report.rejected_file:
            self.note(f"Rejected lines, with reasons: {report.rejected_file}")
