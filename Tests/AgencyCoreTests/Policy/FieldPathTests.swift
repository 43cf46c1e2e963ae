// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import Testing

@Suite struct FieldPathTests {
    @Test(arguments: [
        ("", []), ("body", ["body"]), ("/body", ["body"]), ("event/guests", ["event", "guests"]),
        ("messages/*/body", ["messages", "*", "body"]), ("a.b", ["a", "b"]), ("a[0].b", ["a", "0", "b"]),
        ("/a.b", ["a.b"]), ("/a[0]", ["a[0]"]), ("/a~1b", ["a/b"]), ("a~1b", ["a~1b"]), ("/a~0b", ["a~b"]),
        ("x/a.b", ["x", "a.b"]), ("x/a~1b~0", ["x", "a/b~"]), ("se.derhttps:///", ["se.derhttps:"]),
    ])
    func `a path reads as the names on its way, and so does what is written of it`(text: String, tokens: [String]) {
        let path = FieldPath(text)
        #expect(path.tokens == tokens)
        #expect(FieldPath(path.description) == path)
    }
}
