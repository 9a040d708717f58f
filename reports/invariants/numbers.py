"""Numbers: of our own registers and of dossiers, from 1 on, each once, without a gap (rulings 5, 42)."""

from __future__ import annotations

from collections.abc import Iterator

from reports.invariants.breach import rows


def broken() -> Iterator[str]:
    for series, last, count, highest in rows(
        """
        SELECT series.id, series.last_number, count(taken.number), coalesce(max(taken.number), 0) FROM directives_numberseries series
        LEFT JOIN (
            SELECT series_id, number FROM directives_officialdocument WHERE number IS NOT NULL
            UNION ALL SELECT series_id, number FROM evaluations_certificate
        ) taken ON taken.series_id = series.id
        WHERE series.mode = 'own'
        GROUP BY series.id, series.last_number
        HAVING count(DISTINCT taken.number) <> series.last_number OR count(taken.number) <> series.last_number
            OR coalesce(max(taken.number), 0) <> series.last_number
        """
    ):
        yield f"series {series} counts to {last}, but {count} numbers up to {highest} are taken"
    for prefix, count, highest, counted in rows(
        """
        WITH code AS (
            SELECT left(code, -5) AS prefix, right(code, 4)::integer AS number, code FROM movement_participation
            WHERE code ~ '-[0-9]{5}-[0-9]{4}-[0-9]{4}$' AND code NOT LIKE 'THU-%%'
        )
        SELECT prefix, count(DISTINCT number), max(number), max(counter.value) FROM code
        LEFT JOIN core_counter counter ON counter.key = 'dossier:' || left(right(prefix, 10), 5) || ':' || right(prefix, 4)
        GROUP BY prefix HAVING count(DISTINCT number) <> max(number) OR max(number) <> max(counter.value) OR max(counter.value) IS NULL
        """
    ):
        yield f"dossier codes {prefix}-…: {count} codes up to {highest}, the counter says {counted}"
