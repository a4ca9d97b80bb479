# A module that lists the given number of layers and computes one more.
import sys

print("module attributes {ams.layers = [")
print(",\n".join("{}" for _ in range(int(sys.argv[1]))))
print("""]} {
func.func @main(%a: memref<1x2x9xf32>, %y: memref<1x2x2xf32>) {
  ams.batch_matmul "s" ins(%a, %a : memref<1x2x9xf32>, memref<1x2x9xf32>)
    outs(%y : memref<1x2x2xf32>) device = #ams.device<rows = 8, columns = 4> gain = 2.0
  return
}
}""")
