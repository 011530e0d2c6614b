#include <iostream>

#include <tenure/tenure.hpp>

std::string_view version_of_second_unit();

int main() {
  if (tenure::version != version_of_second_unit()) return 1;
  std::cout << "tenure " << tenure::version << '\n';
}
