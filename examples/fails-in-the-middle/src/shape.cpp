// Areas of shapes.
#include "shape.hpp"

double area(const Rectangle& rectangle) {
  return rectangle.width * rectangle.height;
}
