// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyReport
import Foundation
import Testing

struct PictureTests {
    @Test func `the pictures are balanced, named, and follow the colour scheme`() throws {
        let state = try Fixture.whole().state
        let architecture = try #require(state.architecture)
        for svg in [ArchitecturePicture.svg(architecture), RunPicture.svg(state)] {
            let check = MarkupCheck(svg)
            #expect(check.faults == [])
            #expect(check.elements["desc"] == 1)
            #expect(svg.contains("prefers-color-scheme:dark"))
            #expect(svg.hasPrefix("<svg xmlns="))
            #expect(!svg.contains("NaN"))
        }
    }

    @Test func `the picture of an architecture has every role and the gate`() throws {
        let architecture = try #require(try Fixture.whole().state.architecture)
        let svg = ArchitecturePicture.svg(architecture)
        for role in architecture.roles { #expect(svg.contains(">\(role.name)<")) }
        #expect(svg.contains("A person chooses"))
    }

    @Test func `the picture of a run has every step, choice and turn back`() throws {
        let state = try Fixture.whole().state
        let svg = RunPicture.svg(state)
        for trial in state.enactment.trials { #expect(svg.contains(">\(trial.step.id)")) }
        #expect(svg.contains("uid 1000 chose p2<"))
        #expect(svg.contains("↩ surprise"))
    }

    @Test func `an architecture without roles and a run without events can be drawn`() {
        let empty = Architecture(name: "empty", roles: [], flow: [])
        #expect(MarkupCheck(ArchitecturePicture.svg(empty)).faults == [])
        #expect(MarkupCheck(RunPicture.svg(RunState(run: "r"))).faults == [])
    }

    @Test func `no text of a picture is wider than the picture`() throws {
        let state = try Fixture.whole(mark: " and many more words than there can be room for").state
        let architecture = try #require(state.architecture)
        for svg in [ArchitecturePicture.svg(architecture), RunPicture.svg(state)] {
            for piece in svg.components(separatedBy: "<text").dropFirst() {
                let text = piece.components(separatedBy: "</text>")[0]
                let shown =
                    (text.components(separatedBy: "</title>").last ?? "").components(separatedBy: ">").last ?? ""
                let x = text.components(separatedBy: " x=\"").last?.prefix { $0 != "\"" } ?? ""
                let start = text.contains("text-anchor=") ? 0 : Int(x) ?? 0
                #expect(start + shown.count * 6 <= 500, "\(shown)")
            }
        }
    }
}
