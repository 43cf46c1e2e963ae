// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

extension ProbeAnswer {
    /// The shape of an answer; whoever takes another stance than to answer need not have one of the choices.
    static func schema(of question: ProbeQuestion?) -> JSONSchema {
        let answer: JSONSchema =
            question?.choices.map {
                .oneOf($0 + [""], "One of the choices; empty only where the stance is another than answer.")
            } ?? .string("The answer; empty only where the stance is another than answer.", maxLength: 4000)
        return .object(
            [
                "stance": .oneOf(
                    Stance.allCases.map(\.rawValue),
                    "answer; or refuse: you will not; unsure: you do not know; dissent: you disagree with what is asked."
                ),
                "answer": answer,
                "probability": JSONSchema.number("How probable it is that your answer is right, or null.", in: 0...1)
                    .orNull,
            ],
            optional: ["probability"]
        )
    }
}

extension EpisodeOrder {
    /// The tools of a run that there are for this episode: a probe has none.
    public func tools(among tools: [ToolManifest]) -> [ToolManifest] { task == .probe ? [] : tools }
}
