// Shapes with an area.
#pragma once

// A rectangle; both sides in metres.
struct Rectangle {
  double width = 0;
  double height = 0;
};

double area(const Rectangle& rectangle);
