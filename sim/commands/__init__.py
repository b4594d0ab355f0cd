"""The commands of ``ossbss``, one a file: ``HELP``, ``options(parser)``, ``main(chosen) → exit code``.

Heavy modules are imported by the command that needs them, when it runs, so that --help is quick.
"""
