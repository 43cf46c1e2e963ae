// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

/// A JSON value for people: names beside what they hold, lists as lists, texts as they read.
///
/// What is not a text is set as code, so that `"8"` and `8` are told apart.
enum ValueMarkup {
    /// How deep values are taken apart; what lies deeper is shown as it is written.
    private static let deepest = 12

    static func markup(_ value: JSONValue, depth: Int = 0) -> Markup {
        switch value {
        case .object(let object) where !object.isEmpty && depth < deepest:
            tag("dl", "facts") {
                for key in object.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
                    tag("dt") { key }
                    tag("dd") { markup(object[key] ?? .null, depth: depth + 1) }
                }
            }
        case .array(let elements) where !elements.isEmpty && depth < deepest:
            tag("ul") { for element in elements { tag("li") { markup(element, depth: depth + 1) } } }
        case .string(let text) where text.unicodeScalars.contains("\n"): tag("pre") { text }
        case .string(let text) where !text.isEmpty: Markup(text: text)
        default: tag("code") { value.canonicalText }
        }
    }
}
