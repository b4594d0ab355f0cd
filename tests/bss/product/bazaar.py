"""A catalogue in which everything stands that one may hold, for tests to break."""

from ossbss.bss.product.catalogue import Catalogue, read_catalogue

TEXT = """\
name: bazaar
sources: [made for tests]
currency: KES
time_zone: Africa/Nairobi
calendar:
  day: {from: "08:00", to: "22:00"}
  night: {from: "22:00", to: "08:00"}
zones:
  home: [{prefixes: ["+254"]}]
  abroad: [{prefixes: ["+"]}]
segments: [residential, business]
taxes:
  - {name: excise, rate_milli: 150}
  - {name: VAT, rate_milli: 160, on_top_of: [excise]}
rounding:
  charge: {step: 0.01}
  tax: {step: 0.01}
  invoice: {step: 0.01}
tariffs:
  common:
    voice:
      - {zones: [home], prices: {day: 6, night: 3}, pulse: 1 s}
      - {zones: [abroad], price: 30, pulse: 1 min}
    data: {price: 4, pulse: 100 KB}
promotions:
  - {id: half-more, title: {en: Half more}, offerings: [plain], top_up_bonus: {percent: 50, excluded_zones: [abroad]}}
offerings:
  - id: plain
    title: {en: Plain}
    versions:
      - {valid_from: 2020-01-01, usage: common}
  - id: minutes
    title: {en: Minutes}
    kind: add_on
    versions:
      - valid_from: 2020-01-01
        one_time_fee: 20
        requires: {offerings: [plain], payment: prepaid, segments: [residential]}
        allowances:
          - {id: talk, classes: [voice], amount: 10 min, zones: [home], windows: [night], valid: 1 day}
  - id: family
    title: {en: Family}
    kind: bundle
    versions:
      - {valid_from: 2020-01-01, recurring_fee: 500, includes: [plain, handset]}
  - id: handset
    title: {en: Handset}
    kind: device
    tax: inclusive
    versions:
      - valid_from: 2020-01-01
        components: [{id: phone, kind: device, one_time_fee: 1000, recurring_fee: 250, months: 12}]
        excludes: [minutes]
        discounts: [{id: early, percent: 10, on: [one_time], valid_until: 2020-07-01}]
"""


def catalogue() -> Catalogue:
    return read_catalogue(TEXT, "bazaar.yaml")
