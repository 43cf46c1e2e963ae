// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// An architecture as a picture: its stages from top to bottom, their roles as boxes, and the gate at which a person chooses.
public enum ArchitecturePicture {
    /// Returns the picture as SVG, which follows the reader's colour scheme.
    public static func svg(_ architecture: Architecture) -> String { markup(architecture).source }

    static func markup(_ architecture: Architecture) -> Markup {
        var drawing = Drawing(architecture: architecture)
        drawing.draw()
        let stages = architecture.flow.map { stage in
            stage.word + (stage.roles.isEmpty ? "" : " by " + stage.roles.map(\.rawValue).inWords)
        }
        return drawing.canvas.picture(
            "architecture",
            title: "Architecture \(architecture.name)",
            about: "Stages in order: " + stages.joined(separator: "; ")
        )
    }

    private struct Drawing {
        let architecture: Architecture
        var canvas = Canvas()
        /// Where each stage begins and ends.
        var spans: [(top: Int, bottom: Int)] = []

        mutating func draw() {
            for (index, stage) in architecture.flow.enumerated() {
                if index > 0 {
                    let middle = (Canvas.left + Canvas.right) / 2
                    canvas.path([(middle, canvas.y + 2), (middle, canvas.y + 18)], arrow: true)
                    canvas.y += 24
                }
                let top = canvas.y
                draw(stage)
                spans.append((top, canvas.y))
            }
            let placed = Set(architecture.flow.flatMap(\.roles))
            let others = architecture.roles.filter { !placed.contains($0.name) }
            if !others.isEmpty {
                canvas.y += 20
                caption("in no stage", "")
                boxes(others)
            }
            loops()
        }

        private mutating func draw(_ stage: Stage) {
            if case .choose(let choosing) = stage {
                let (returns, persons) = (choosing.returns, choosing.persons)
                let back = returns > 0 ? "; sent back at most \(returns.counted("time"))" : ""
                let time = choosing.within.map { "within \(Double($0).durationWords); " } ?? ""
                return canvas.gate(
                    persons > 1 ? "\(persons) persons choose" : "A person chooses",
                    ["\(time)lapses after \(Double(choosing.expires).durationWords)\(back)"]
                )
            }
            caption(stage.word, detail(stage))
            boxes(stage.roles.map { architecture.role($0) ?? Role(name: $0, kind: .propose) })
        }

        private func detail(_ stage: Stage) -> String {
            switch stage {
            case .propose(_, let count): "\(count.counted("episode")), none sees another"
            case .critique(_, let rounds): "\(rounds.counted("round")); the proposer mends"
            case .evaluate: "every role judges every option alone"
            case .explain: "the account that a person decides from"
            case .iterate(_, let most): "small steps, at most \(most.counted("episode"))"
            case .choose: ""
            case .probe(_, let times): "each question \(times.counted("time")), every time alone"
            case .enact(let enacting): "step by step; halts \(enacting.haltWords)"
            case .update(_, let most): "after a halt, at most \(most.counted("time"))"
            }
        }

        private mutating func caption(_ word: String, _ detail: String) {
            canvas.text(word, x: Canvas.left, y: canvas.y + 12, width: 90, "oa-bold")
            let x = Canvas.left + min(90, word.columns * 8 + 10)
            canvas.text(detail, x: x, y: canvas.y + 12, width: Canvas.right - x, "oa-soft oa-small")
            canvas.y += 20
        }

        private mutating func boxes(_ roles: [Role]) {
            let gap = 12
            let across = roles.count > 1 ? 2 : 1
            let width = (Canvas.right - Canvas.left - gap * (across - 1)) / across
            for start in stride(from: 0, to: roles.count, by: across) {
                let row = roles[start..<min(start + across, roles.count)]
                let texts = row.map { lines(of: $0, width: width - 20) }
                let height = 30 + (texts.map(\.count).max() ?? 0) * 15
                for (column, role) in row.enumerated() {
                    draw(role, texts[column], x: Canvas.left + column * (width + gap), width: width, height: height)
                }
                canvas.y += height + (start + across < roles.count ? gap : 0)
            }
        }

        private mutating func draw(_ role: Role, _ lines: [String], x: Int, width: Int, height: Int) {
            canvas.box(x: x, y: canvas.y, width: width, height: height)
            let label = min(width - 20, role.name.rawValue.columns * 8 + 8)
            canvas.text(role.name.rawValue, x: x + 10, y: canvas.y + 18, width: width - 20, "oa-bold")
            if width - 20 - label > 50 {
                let room = width - 20 - label
                canvas.text(role.kind.rawValue, x: x + 10 + label, y: canvas.y + 18, width: room, "oa-soft oa-small")
            }
            for (index, line) in lines.enumerated() {
                canvas.text(line, x: x + 10, y: canvas.y + 35 + index * 15, width: width - 16, "oa-soft oa-small")
            }
        }

        private func lines(of role: Role, width: Int) -> [String] {
            func listed(_ name: String, _ words: [String]) -> [String] {
                guard !words.isEmpty else { return [] }
                return Escape.terminal("\(name) " + words.joined(separator: ", ")).wrapped(to: Int(Double(width) / 6.6))
            }
            if role.kind == .enact { return listed("carries out", ["one authorised step at a time; no episode"]) }
            return listed("by", role.performer.map { [$0.rawValue] } ?? [])
                + listed("reads", role.reads.map(\.rawValue)) + listed("looks with", role.tools.map(\.rawValue))
        }

        /// The ways back: a revised plan is judged again, and a person may send the work back.
        private mutating func loops() {
            let flow = architecture.flow
            func position(_ word: String) -> Int? { flow.firstIndex { $0.word == word } }
            if let update = position("update"), let judged = position("evaluate") ?? position("choose"), judged < update
            {
                let (from, to) = (spans[update].top + 30, spans[judged].top + 30)
                let points = [(Canvas.left, from), (18, from), (18, to), (Canvas.left, to)]
                canvas.path(points, "oa-dash", arrow: true, title: "a revised plan is judged and chosen again")
            }
            if let gate = position("choose"), case .choose(let choosing) = flow[gate], choosing.returns > 0, gate > 0 {
                let (from, to) = (spans[gate].top + 20, spans[0].top + 30)
                let points = [(Canvas.right, from), (482, from), (482, to), (Canvas.right, to)]
                canvas.path(points, "oa-dash", arrow: true, title: "a person may send the work back")
            }
        }
    }
}
