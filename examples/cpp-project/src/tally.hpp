// Counts words: what the program and its tests share.
#pragma once

#include <istream>
#include <map>
#include <string>

// How often each word of the stream occurs; words are what white space parts.
std::map<std::string, int> tally(std::istream& in);
