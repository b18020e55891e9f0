// area: prints the area of a rectangle. Does not compile, on purpose: the member is called
// `height`.
#include "shape.hpp"

#include <cstdio>
#include <cstdlib>

int main(int argc, char** argv) {
  if (argc != 3) {
    return 2;
  }
  Rectangle rectangle;
  rectangle.width = std::atof(argv[1]);
  rectangle.heigth = std::atof(argv[2]);
  std::printf("%g\n", area(rectangle));
}
