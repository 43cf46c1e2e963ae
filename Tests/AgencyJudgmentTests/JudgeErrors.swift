// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Which of the 239 questions of LLMBar (Natural, GPTInst and GPTOut) some language-model judges got wrong.
///
/// A set bit is an error; the first question is the highest bit of the first digit, and one bit is left over at the end.
/// Derived from the published votes, first presentation order.
///
/// > Source: LLMBar <https://github.com/princeton-nlp/LLMBar> at 900616bff90b, MIT licence, arXiv 2310.07641.
enum JudgeErrors {
    /// By model and prompt.
    static let all: [(model: String, prompt: String, digits: String)] = [
        ("GPT-4", "CoT", "49543800200400a010804025002402111481000000009000400000100800"),
        ("GPT-4", "Metrics", "081018002804008010800025002442d11481000000001000400c00102800"),
        ("GPT-4", "Metrics_Reference", "005038002804008010800024202c42d11401000000001000000800100800"),
        ("GPT-4", "Rating", "08402040080000000400402332a6021014a1400000002000100000202006"),
        ("GPT-4", "Rating_Metrics", "08403040080000204000402522ae021014a1000000000000000400202000"),
        ("GPT-4", "Rating_Metrics_Reference", "08402040080000a04400402122ae02310401400000000000400800202000"),
        ("GPT-4", "Rating_NoRules", "096020402802028000804023320c223014a1400030000000100000202006"),
        ("GPT-4", "Rating_Reference", "096020400800000004004022322e22110401400000000000000000102002"),
        ("GPT-4", "Reference", "005030402804028010804004202442d11401000000001000000000100802"),
        ("GPT-4", "Swap", "48543800200400a000804025206402111481001000009000400200100800"),
        ("GPT-4", "Swap_CoT", "49543800200400a010804025002402111481001000001000400400100800"),
        ("GPT-4", "Vanilla", "085018402804028010004025002442911481000000001000000000100802"),
        ("GPT-4", "Vanilla_1shot", "085030400800020010024025002442111481000000001000000800002802"),
        ("GPT-4", "Vanilla_2shot", "08543840208402a030824025012442111481000000001000000800002802"),
        ("GPT-4", "Vanilla_NoRules", "487438402884028010824025102402911481001000001000000000102806"),
        ("ChatGPT-0301", "Vanilla", "d3f5fdef2bce96469dfe6d2d225bb7f0178100110220a212000000013902"),
        ("ChatGPT", "Vanilla", "7ef5fdef7bef96e6bfde69ad327fd6f0bf8100010220b21204440101190a"),
        ("Falcon", "Vanilla", "d2b1dd0d23ceb6a61ddae82d215d927026c018540236223e005400029dc4"),
    ]

    /// The errors of some judges, question by question.
    static func of(_ isWanted: (_ model: String, _ prompt: String) -> Bool) -> [[Bool?]] {
        all.filter { isWanted($0.model, $0.prompt) }.map { judge in
            let bits = judge.digits.flatMap { digit -> [Bool?] in
                let value = digit.hexDigitValue ?? 0
                return [8, 4, 2, 1].map { value & $0 != 0 }
            }
            return Array(bits.prefix(239))
        }
    }
}
