"""What ams-compile --condition=auto chose must be as good as the best of what it
tried.  Usage: compare_conditions.py TABLE"""

import re
import sys

text = open(sys.argv[1]).read()
tried, chosen = text.split("\n\n", 1)
figures = [float(line.split(" dB")[0].split()[-1])
           for line in tried.splitlines()[1:]]
assert len(figures) >= 4, tried
final = float(re.search(r"chosen, after \d+ trials +([0-9.]+) dB", chosen)[1])
assert final >= max(figures) - 0.11, (figures, final)
