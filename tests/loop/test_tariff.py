"""The shipped scenario's usage under its own price list is priced as it was in the run."""

import polars as pl

from sim.testbed.tariff_test import tariff_test


def test_fibre_cut_is_rated_again_to_the_micro_unit_account_by_account(fibre_cut):
    test = tariff_test(fibre_cut.folder, ["shillings-a-double-data"])
    usage = test.bills.select("account_id", pl.sum_horizontal("voice", "sms", "data").alias("here"))
    run = fibre_cut.table("rated").group_by("account_id").agg(pl.col("amount_micros").sum())
    both = usage.join(run, on="account_id", how="full", coalesce=True).fill_null(0)
    assert both.height == fibre_cut.table("accounts").height
    assert both.filter(pl.col("here") != pl.col("amount_micros")).is_empty()
    assert test.run_rated_micros == both["here"].sum() > 0


def test_bills_without_a_credit_are_the_bills_of_the_run(fibre_cut):
    test = tariff_test(fibre_cut.folder, ["shillings-a"])
    credited = fibre_cut.table("invoice_lines").filter(pl.col("kind") == "credit").select("account_id").unique()
    bills = fibre_cut.table("invoices").join(credited, on="account_id", how="anti").join(test.bills, on="account_id")
    assert bills.height == fibre_cut.table("invoices").height - credited.height
    assert bills.filter(pl.col("total") != pl.col("total_micros")).is_empty()
    assert set(test.candidates[0].pairs["difference_micros"]) == {0}
