"""`python -m bench [NAME …] [--write]`: seats, kills, messages, lists and clocks when nothing is named."""

import argparse

from bench import clocks, demo, kills, lists, messages, pictures, seats

MEASUREMENTS = {
    "seats": seats.measure,
    "kills": kills.measure,
    "messages": messages.measure,
    "lists": lists.measure,
    "clocks": clocks.measure,
    "demo": demo.measure,
    "pictures": pictures.measure,
}
USUAL = ("seats", "kills", "messages", "lists", "clocks")


def main() -> None:
    parser = argparse.ArgumentParser(prog="./run bench", description="Measure the program as it runs.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MEASUREMENTS))
    parser.add_argument("--write", action="store_true", help="put the figures into docs/measurements.md")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(MEASUREMENTS):
        parser.error(f"no measurement is called {', '.join(sorted(unknown))}")
    for name in asked.names or USUAL:
        MEASUREMENTS[name](write=asked.write)


if __name__ == "__main__":
    main()
