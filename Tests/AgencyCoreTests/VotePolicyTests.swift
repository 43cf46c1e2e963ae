// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema
import Testing

@Suite struct VotePolicyTests {
    private func pointers(_ texts: String...) -> [JSONPointer] { texts.compactMap(JSONPointer.init(_:)) }

    @Test func `a role without a vote is written as before`() throws {
        let role = Role(name: "r", kind: .propose, performer: "p")
        #expect(try JSONValue(encoding: role)["vote"] == nil)
        let json = try JSONValue(encoding: role)
        #expect(try json.decode(Role.self) == role)
    }

    @Test func `a policy is written as declarations write it`() throws {
        let policy = VotePolicy(
            .aheadBy(3, atMost: 15),
            flags: .init(bytes: 2000),
            sameWhen: pointers("/move", "/a~1b/0")
        )
        let json = try JSONValue(encoding: policy)
        #expect(
            json.canonicalText
                == #"{"ahead-by":3,"at-most":15,"flags":{"bytes":2000},"same-when":["/move","/a~1b/0"]}"#
        )
        #expect(try json.decode(VotePolicy.self) == policy)
        for rule in [VotePolicy.Rule.majority(of: 5, atMost: 7), .verified(by: "v", atMost: 4)] {
            #expect(try JSONValue(encoding: VotePolicy(rule)).decode(VotePolicy.self) == VotePolicy(rule))
        }
    }

    @Test func `numbers are compared by value, names in any order, texts byte for byte`() throws {
        let whole = VotePolicy(.aheadBy(1, atMost: 1))
        func answer(_ text: String) throws -> Digest? { whole.answer(of: try JSONValue(parsing: text)) }
        let one = try answer(#"{"a":1,"b":[0,"x"]}"#)
        #expect(try answer(#"{"b":[-0.0,"x"],"a":1.0}"#) == one)
        #expect(try answer(#"{"b":[0e3,"x"],"a":10e-1}"#) == one)
        #expect(try answer(#"{"a":1,"b":[0,"X"]}"#) != one)
        #expect(try answer(#"{"a":"1","b":[0,"x"]}"#) != one)
        #expect(try answer("1000000000000000000") == answer("1e18"))
        #expect(try answer("1000000000000000001") != answer("1e18"))
        // One letter composed in two ways is two texts.
        #expect(try answer("\"\u{e9}\"") != answer("\"e\u{301}\""))
    }

    @Test func `only the declared parts must be equal`() throws {
        let policy = VotePolicy(.aheadBy(1, atMost: 1), sameWhen: pointers("/move", "/state/0"))
        let left = try JSONValue(parsing: #"{"move":[1,2],"state":[7,8],"why":"x"}"#)
        let right = try JSONValue(parsing: #"{"why":"y","move":[1.0,2],"state":[7,9]}"#)
        #expect(policy.answer(of: left) == policy.answer(of: right))
        #expect(policy.answer(of: try JSONValue(parsing: #"{"move":[2,1],"state":[7]}"#)) != policy.answer(of: left))
        #expect(policy.answer(of: try JSONValue(parsing: #"{"move":[1,2],"state":[]}"#)) == nil)
        // What one part says must not pass for what two say.
        let one = VotePolicy(.aheadBy(1, atMost: 1), sameWhen: pointers("/a"))
        #expect(one.answer(of: ["a": [1, 2]]) != policy.answer(of: ["move": 1, "state": [2]]))
    }

    @Test(
        arguments: [
            ("", 1), ("/a", 2), ("/a/0", 3), ("/a/1/b", 4), ("/", 5), ("/c~1d", 6), ("/e~0f", 7), ("/a/01", nil),
            ("/a/-1", nil), ("/a/9", nil), ("/a/0/x", nil), ("/zz", nil),
        ] as [(String, Int?)]
    )
    func `a pointer leads to its part`(text: String, place: Int?) throws {
        let value: JSONValue = ["a": ["zero", ["b": "deep"]], "": "empty", "c/d": "slash", "e~f": "tilde"]
        let expected: [Int: JSONValue] = [
            1: value, 2: ["zero", ["b": "deep"]], 3: "zero", 4: "deep", 5: "empty", 6: "slash", 7: "tilde",
        ]
        let pointer = try #require(JSONPointer(text))
        #expect(value[pointer] == place.flatMap { expected[$0] })
        #expect(pointer.description == text)
    }

    @Test(arguments: ["a", "/~", "/~2", "/a~"]) func `what is no pointer is refused`(text: String) {
        #expect(JSONPointer(text) == nil)
    }
}
