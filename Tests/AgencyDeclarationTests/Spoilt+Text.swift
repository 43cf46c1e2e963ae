// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension Spoilt {
    /// Architectures that are no YAML as it is accepted, or have wrong names and types.
    static let texts = [
        Spoilt(0, .architecture, "instructions: Propose", "instruction: Propose", ["7:5: a role has no “instruction”"]),
        Spoilt(1, .architecture, "    narratives:", "    narrative:", ["8:5: a role has no “narrative”"]),
        Spoilt(2, .architecture, "repairs: 0", "colour: red", ["26:5: a role has no “colour”"]),
        Spoilt(3, .architecture, "count: 2", "count: two", ["37:37: “two” where a whole number is wanted"]),
        Spoilt(4, .architecture, "count: 2", "count: \"2\"", ["37:37: the text “2” where a whole number is wanted"]),
        Spoilt(5, .architecture, "count: 2", "count: 20", ["37:37: 20 is out of range"]),
        Spoilt(6, .architecture, "count: 2", "count: 2.5", ["37:37: “2.5” where a whole number is wanted"]),
        Spoilt(7, .architecture, "tokens: 20000", "tokens: 20_000", ["11:22: “20_000” where a whole number is wanted"]),
        Spoilt(
            8,
            .architecture,
            "tokens: 20000",
            "tokens: 99999999999999999999",
            [
                "11:22: the whole number “99999999999999999999” is out of range"
            ]
        ),
        Spoilt(9, .architecture, "money: 0.50", "money: 0.1234567", ["11:60: “0.1234567” is not an amount in dollars"]),
        Spoilt(10, .architecture, "money: 0.50", "money: -1", ["11:60: the amount of money is out of range"]),
        Spoilt(11, .architecture, "calls: 8", "calls: 1", ["11:36: 1 calls leave no room for 2 repairs"]),
        Spoilt(12, .architecture, "seconds: 180", "seconds: .inf", ["11:48: “.inf” where a number is wanted"]),
        Spoilt(13, .architecture, "kind: propose", "kind: proposer", ["5:11: “proposer” cannot stand here"]),
        Spoilt(14, .architecture, "kind: propose", "kind: [propose]", ["5:11: a list where a word is wanted"]),
        Spoilt(
            15,
            .architecture,
            "about: Two proposals, one judge.",
            "about:",
            [
                "2:7: nothing is written where a text is wanted"
            ]
        ),
        Spoilt(
            16,
            .architecture,
            "about: Two proposals, one judge.",
            "about: {a: b}",
            [
                "2:8: a mapping where a text is wanted"
            ]
        ),
        Spoilt(
            17,
            .architecture,
            "about: Two proposals, one judge.",
            "about: Two: proposals",
            [
                "2:11: a “:” where no name can stand"
            ]
        ),
        Spoilt(
            18,
            .architecture,
            "about: Two proposals, one judge.",
            "about: @home",
            [
                "2:8: this character cannot begin a text"
            ]
        ),
        Spoilt(
            19,
            .architecture,
            "about: Two proposals, one judge.",
            "about: \"open",
            [
                "44:1: the file ends inside a quoted text; it began in line 2"
            ]
        ),
        Spoilt(20, .architecture, "about: Two proposals, one judge.", "about: !!str x", ["2:8: tags are not accepted"]),
        Spoilt(
            21,
            .architecture,
            "about: Two proposals, one judge.",
            "about: \"a\\x00b\"",
            [
                "2:8: a text with the control character U+0"
            ]
        ),
        Spoilt(
            22,
            .architecture,
            "about: Two proposals, one judge.",
            "architecture: again",
            [
                "2:1: the key “architecture” comes twice"
            ]
        ),
        Spoilt(
            23,
            .architecture,
            "performer: strong\n    instructions: Propose",
            "performer: strong\n    kind: critique\n    instructions: Propose",
            [
                "7:5: the key “kind” comes twice"
            ]
        ),
        Spoilt(24, .architecture, "  teller: {", "  \"critic\": {", ["27:3: the key “critic” comes twice"]),
        Spoilt(
            25,
            .architecture,
            "about: Two proposals, one judge.",
            "about: &x Two",
            [
                "2:8: anchors and aliases are not accepted"
            ]
        ),
        Spoilt(
            26,
            .architecture,
            "about: Two proposals, one judge.",
            "about: *x",
            [
                "2:8: anchors and aliases are not accepted"
            ]
        ),
        Spoilt(
            27,
            .architecture,
            "about: Two proposals, one judge.",
            "<<: {a: b}",
            [
                "2:1: merge keys are not accepted"
            ]
        ),
        Spoilt(
            28,
            .architecture,
            "about: Two proposals, one judge.",
            "? [a]\n: b",
            [
                "2:3: a key must be a text, found a list"
            ]
        ),
        Spoilt(
            29,
            .architecture,
            "about: Two proposals, one judge.",
            "about: a\n---\nb: c",
            [
                "3:1: a second document begins here"
            ]
        ),
        Spoilt(
            30,
            .architecture,
            "about: Two proposals, one judge.",
            "\tabout: a",
            [
                "2:1: a tab where YAML wants spaces"
            ]
        ),
        Spoilt(
            31,
            .architecture,
            "about: Two proposals, one judge.",
            "about: a\u{7}b",
            [
                "2:9: the control character U+0007"
            ]
        ),
        Spoilt(
            32,
            .architecture,
            "about: Two proposals, one judge.",
            "about: a\u{202E}b",
            [
                "2:9: the invisible direction mark U+202E"
            ]
        ),
        Spoilt(
            33,
            .architecture,
            "architecture: small",
            "%YAML 1.1\n---\narchitecture: small",
            [
                "1:1: YAML directives are not accepted"
            ]
        ),
        Spoilt(34, .architecture, "architecture: small\n", "", ["1:1: “architecture” is missing"]),
        Spoilt(
            35,
            .architecture,
            "architecture: small",
            "architecture: Small One",
            [
                "1:15: “Small One” cannot name an architecture"
            ]
        ),
        Spoilt(36, .architecture, nil, "", ["1:1: there is nothing in this document"]),
        Spoilt(37, .architecture, nil, "# nothing\n", ["1:1: there is nothing in this document"]),
        Spoilt(38, .architecture, nil, "- a\n", ["1:1: a list where an architecture is wanted"]),
        Spoilt(
            39,
            .architecture,
            nil,
            "a: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n",
            [
                "1:68: nested deeper than 64"
            ]
        ),
        Spoilt(40, .architecture, nil, "\u{FEFF}a: b\n", ["1:1: the file begins with a byte order mark"]),
    ]
}
