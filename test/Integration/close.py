"""Whether FOUND begins with EXPECTED, within TOLERANCE: close.py FOUND EXPECTED TOLERANCE"""

import sys

import npy

found, expected = npy.read(sys.argv[1]), npy.read(sys.argv[2])
worst = max(abs(a - b) for a, b in zip(found.data, expected.data))
if len(found.data) < len(expected.data) or worst > float(sys.argv[3]):
    sys.exit("largest difference: %g" % worst)
