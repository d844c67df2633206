// SPDX-License-Identifier: Apache-2.0
#include "statement/grade.h"

namespace entente::statement {
namespace {

bool is_grade(char source, char information) {
    return source >= 'A' && source <= 'F' && information >= '1' && information <= '6';
}

}  // namespace

Result<Grade> parse_grade(std::string_view text) {
    if (text.size() == 2 && is_grade(text[0], text[1])) return Grade{text[0], text[1]};
    return fail(Errc::malformed,
                "a grade is a letter A to F for the source and a figure 1 to 6 for what it says, "
                "as B2; F and 6 cannot be judged");
}

std::string grade_text(const Grade& grade) { return {grade.source, grade.information}; }

}  // namespace entente::statement
