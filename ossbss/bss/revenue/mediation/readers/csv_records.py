"""Rows of text as records: times, quantities, classes; what cannot be read is rejected with the reason."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from ossbss.bss.revenue.mediation.readers.csv_rows import Form, Rows
from ossbss.bss.revenue.mediation.readers.mapping import EPOCHS, UNITS, Counts, CsvMapping, Quantity, Value, place_of
from ossbss.bss.revenue.mediation.records import CDR_SCHEMA, LATEST_MS, RAW_KEPT, REFUSED_SCHEMA, Read
from ossbss.bss.revenue.mediation.validation import state_and_reason

_LARGEST = 2**63 - 1
_DECIMALS = 9
_NUMBER = r"^(-?)([0-9]{1,20})(?:\.([0-9]{1,9}))?$"
_YES, _NO = ("1", "true", "t", "yes", "y"), ("0", "false", "f", "no", "n")
_NUMBERS = ("sequence", "leg")


@dataclass(frozen=True)
class Layout:
    """A mapping made ready: ``names`` of the columns in order, ``skipped`` lines before the first record."""

    mapping: CsvMapping
    names: Sequence[str]
    form: Form
    element_id: str
    file_id: str

    @property
    def skipped(self) -> int:
        return int(self.mapping.header)

    def value_of(self, field: str) -> Value:
        return next((value for name, value in self.mapping.fields.items() if name == field), Value())

    def column(self, column: str | int) -> pl.Expr:
        return pl.col(f"column_{place_of(column, list(self.names))}")


def records_of(rows: Rows, layout: Layout) -> Read:
    """The rows as records (CDR_SCHEMA) or, with the reason, as refused ones (REFUSED_SCHEMA)."""
    place = pl.col("line") - layout.skipped
    own = "sequence" in layout.mapping.fields
    fields = _fields(rows.rows, layout)
    head = [pl.lit(layout.element_id).alias("element_id"), pl.lit(layout.file_id).alias("file_id")]
    if not own:
        head.append(place.alias("sequence"))
    full = fields.with_columns(head)
    good = full.filter(pl.col("reason").is_null()).select(*CDR_SCHEMA)
    texts = rows.lines.select("line", pl.col("text").str.slice(0, RAW_KEPT).alias("text"))
    refused = full.filter(pl.col("reason").is_not_null()).join(texts, on="line", how="left", maintain_order="left")
    refused = refused.with_columns(pl.when(pl.col("state") == "rejected").then("text").alias("raw"))
    sequence = [pl.lit(None, dtype=pl.Int64).alias("sequence")] if own else []
    broken = rows.bad.with_columns(*head, *sequence, pl.lit("rejected").alias("state"))
    missing = [pl.lit(None, dtype=dtype).alias(name) for name, dtype in REFUSED_SCHEMA.items()
               if name not in broken.columns]  # fmt: skip
    every = [refused.select(*REFUSED_SCHEMA), broken.with_columns(missing).select(*REFUSED_SCHEMA)]
    return Read(good, pl.concat(every).sort("line"))


def _fields(rows: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """Every field that could be read, and state and reason where one could not, or the record does not count."""
    mapping = layout.mapping
    texts = [_text(name, layout).alias(name) for name in CDR_SCHEMA if name not in _SPECIAL]
    amounts = [_amount_text(layout).alias("amount"), _factor(layout).alias("factor")]
    frame = rows.with_columns(*texts, layout.column(mapping.time.column).str.strip_chars().alias("time"))
    frame = frame.with_columns(amounts).with_columns(*_time(mapping), *_parts_of_amount())
    numbers = [_value(name, layout).str.strip_chars().alias(f"{name}_text") for name in (*_NUMBERS, "is_last")]
    frame = frame.with_columns(numbers).with_columns(
        _exact().alias("quantity"),
        *(pl.col(f"{name}_text").cast(pl.Int64, strict=False).alias(name) for name in _NUMBERS),
        _truth(pl.col("is_last_text")).alias("is_last"),
    )
    verdict = pl.coalesce(*_idle(layout), *_faults(layout)).alias("verdict")
    return frame.with_columns(verdict).with_columns(state_and_reason("verdict"))


_SPECIAL = ("element_id", "file_id", "sequence", "started_ms", "quantity", "leg", "is_last")


def _value(name: str, layout: Layout) -> pl.Expr:
    """The field as the file writes it, or the constant."""
    value = layout.value_of(name)
    if value.column is None:
        return pl.lit(value.constant, dtype=pl.String)
    first = layout.column(value.column)
    return (
        first
        if value.beside is None
        else pl.concat_str(first, layout.column(value.beside).fill_null(""), separator="/")
    )


def _text(name: str, layout: Layout) -> pl.Expr:
    """What the field means: null where ``values`` does not list it."""
    values = layout.value_of(name).values
    found = _value(name, layout)
    return found.replace_strict(values, default=None, return_dtype=pl.String) if values else found


# -- times ---------------------------------------------------------------------------------------------


def _time(mapping: CsvMapping) -> list[pl.Expr]:
    """``started_ms``, and ``local``: whether it is a time at all, though perhaps one that the clock never showed."""
    clock, text = mapping.time, pl.col("time")
    if clock.format in EPOCHS:
        number = pl.when(text.str.contains(r"^[0-9]{1,15}$")).then(text).cast(pl.Int64)
        return [(number * EPOCHS[clock.format]).alias("started_ms"), number.is_not_null().alias("local")]
    parsed = text.str.strptime(pl.Datetime("ms"), clock.format, strict=False)
    if "%z" in clock.format or "%:z" in clock.format or "%#z" in clock.format:
        return [parsed.dt.epoch("ms").alias("started_ms"), parsed.is_not_null().alias("local")]
    twice = {"earlier": "earliest", "later": "latest", "reject": "null"}[clock.twice]
    zoned = parsed.dt.replace_time_zone(clock.zone, ambiguous=twice, non_existent="null")  # type: ignore[arg-type]
    return [zoned.dt.epoch("ms").alias("started_ms"), parsed.is_not_null().alias("local")]


# -- quantities ----------------------------------------------------------------------------------------


def _by_class(layout: Layout, told: Callable[[Quantity], pl.Expr]) -> pl.Expr:
    """What is told of the quantity of the record's class; of ``any`` for the classes that are not named."""
    quantities = layout.mapping.quantity
    found: pl.Expr = told(quantities["any"]) if "any" in quantities else pl.lit(None)
    for name, quantity in quantities.items():
        if name != "any":
            found = pl.when(pl.col("class") == name).then(told(quantity)).otherwise(found)
    return found


def _amount_text(layout: Layout) -> pl.Expr:
    return _by_class(layout, lambda quantity: layout.column(quantity.column).str.strip_chars())


def _factor(layout: Layout) -> pl.Expr:
    return _by_class(layout, lambda quantity: pl.lit(UNITS[quantity.unit], dtype=pl.Int64))


def _parts_of_amount() -> list[pl.Expr]:
    groups = pl.col("amount").str.extract_groups(_NUMBER).struct
    return [
        groups.field("1").alias("sign"),
        groups.field("2").cast(pl.Int128, strict=False).alias("whole"),
        groups.field("3").fill_null("").str.pad_end(_DECIMALS, "0").cast(pl.Int128, strict=False).alias("decimals"),
    ]


def _scaled() -> pl.Expr:
    """The amount in units of the record × 10⁹, without its sign."""
    scaled: pl.Expr = (pl.col("whole") * 10**_DECIMALS + pl.col("decimals")) * pl.col("factor").cast(pl.Int128)
    return scaled


def _exact() -> pl.Expr:
    """The amount in units of the record; null where it is no number, too fine or too large."""
    scaled = _scaled()
    fits = (scaled % 10**_DECIMALS == 0) & (scaled // 10**_DECIMALS <= _LARGEST)
    signed = pl.when(pl.col("sign") == "-").then(-1).otherwise(1)
    return (pl.when(fits).then(scaled // 10**_DECIMALS) * signed).cast(pl.Int64)


def _truth(text: pl.Expr) -> pl.Expr:
    word = text.str.to_lowercase()
    return pl.when(word.is_in(list(_YES))).then(pl.lit(True)).when(word.is_in(list(_NO))).then(pl.lit(False))


# -- what is wrong -------------------------------------------------------------------------------------


def _idle(layout: Layout) -> Iterator[pl.Expr]:
    for rule in layout.mapping.counts:
        column = layout.column(rule.column)
        yield _does_not_count(rule, column, _name(rule.column))


def _name(column: str | int) -> str:
    return f"column {column}" if isinstance(column, int) else column


def _does_not_count(rule: Counts, column: pl.Expr, name: str) -> pl.Expr:
    found = column.fill_null("empty").str.slice(0, 40)
    named = pl.concat_str(pl.lit(f"filtered: {name} is "), found, pl.lit(", which does not count"))
    if not rule.when:
        return pl.when(column.is_null()).then(pl.lit(f"filtered: {name} is empty, which does not count"))
    other = ~column.is_in(list(rule.when)) | column.is_null()
    if not rule.unless:
        return pl.when(other).then(named)
    strange = pl.lit(f"rejected: {name}: a value that is not known")
    return pl.when(other & column.is_in(list(rule.unless))).then(named).when(other).then(strange)


def _faults(layout: Layout) -> Iterator[pl.Expr]:
    mapping = layout.mapping
    for name in ("subscriber_id", "class"):
        missing = pl.col(name).is_null()
        listed = layout.value_of(name).values
        yield pl.when(missing).then(pl.lit(f"rejected: {name}: {'a value that is not known' if listed else 'empty'}"))
    yield from _faults_of_time(mapping)
    yield from _faults_of_amount()
    for name in ("destination", "place_id", "zone", "record_id", "chain_id"):
        if layout.value_of(name).values:
            unknown = pl.col(name).is_null() & _value(name, layout).is_not_null()
            yield pl.when(unknown).then(pl.lit(f"rejected: {name}: a value that is not known"))
    for name in (*_NUMBERS, "is_last"):
        unread = pl.col(name).is_null() & pl.col(f"{name}_text").is_not_null()
        kind = "true or false" if name == "is_last" else "a whole number of 64 bits"
        yield pl.when(unread).then(pl.lit(f"rejected: {name} is not {kind}"))


def _faults_of_time(mapping: CsvMapping) -> Iterator[pl.Expr]:
    clock, at = mapping.time, pl.col("started_ms")
    name = _name(clock.column)
    yield pl.when(pl.col("time").is_null()).then(pl.lit(f"rejected: {name}: empty"))
    yield pl.when(~pl.col("local")).then(pl.lit(f"rejected: {name}: no time written as {clock.format}"))
    never = (
        f"rejected: {name}: {'' if clock.twice != 'reject' else 'twice or '}never shown by the clocks of {clock.zone}"
    )
    yield pl.when(at.is_null()).then(pl.lit(never))
    yield pl.when(~at.is_between(0, LATEST_MS)).then(pl.lit(f"rejected: {name}: not between 1970 and 9999"))


def _faults_of_amount() -> Iterator[pl.Expr]:
    yield pl.when(pl.col("amount").is_null()).then(pl.lit("rejected: quantity: empty"))
    yield pl.when(pl.col("whole").is_null()).then(pl.lit("rejected: quantity: no decimal number"))
    negative = (pl.col("sign") == "-") & ((pl.col("whole") > 0) | (pl.col("decimals") > 0))
    yield pl.when(negative).then(pl.lit("rejected: negative quantity"))
    yield pl.when(_scaled() // 10**_DECIMALS > _LARGEST).then(pl.lit("rejected: quantity beyond 64 bits"))
    yield pl.when(pl.col("quantity").is_null()).then(pl.lit("rejected: quantity finer than one unit of the record"))
