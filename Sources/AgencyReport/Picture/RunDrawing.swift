// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

/// The drawing of a run.
struct RunDrawing {
    private let state: RunState
    private(set) var canvas = Canvas()
    /// Where the step that ended at a checkpoint was drawn.
    private var checkpoints: [String: Int] = [:]
    private var turns = 0

    init(_ state: RunState) { self.state = state }

    /// Something to be drawn in a row.
    private enum Entry {
        case episodes(word: String, [EpisodeRecord])
        case choice(StandingChoice)
        case trials([StepTrial])
    }

    mutating func draw() {
        for (index, entry) in entries.enumerated() {
            if index > 0 {
                canvas.path([(Canvas.left + 8, canvas.y + 2), (Canvas.left + 8, canvas.y + 14)], arrow: true)
                canvas.y += 18
            }
            switch entry {
            case .episodes(let word, let records): draw(word, records)
            case .choice(let standing): draw(standing)
            case .trials(let trials): draw(trials)
            }
        }
        canvas.y += 14
        canvas.box(x: Canvas.left, y: canvas.y, width: Canvas.right - Canvas.left, height: 28)
        let room = Canvas.right - Canvas.left - 20
        canvas.text(state.outcomeSentence, x: Canvas.left + 10, y: canvas.y + 19, width: room, "oa-bold")
        canvas.y += 42
        legend()
    }

    private var entries: [Entry] {
        var all: [(at: Int64, order: Int, entry: Entry)] = []
        for record in state.episodeOrder.compactMap({ state.episodes[$0] }) {
            let word = record.order.task.rawValue
            all.append((record.startedAtMilliseconds, all.count, .episodes(word: word, [record])))
        }
        for choice in state.choices { all.append((choice.atMilliseconds, all.count, .choice(choice))) }
        for trial in state.enactment.trials { all.append((trial.atMilliseconds, all.count, .trials([trial]))) }
        return all.sorted { ($0.at, $0.order) < ($1.at, $1.order) }.reduce(into: []) { result, next in
            switch (result.last, next.entry) {
            case (.episodes(let word, let records)?, .episodes(let same, let more)) where word == same:
                result[result.count - 1] = .episodes(word: word, records + more)
            case (.trials(let trials)?, .trials(let more)): result[result.count - 1] = .trials(trials + more)
            default: result.append(next.entry)
            }
        }
    }

    // MARK: - Episodes and choices

    private mutating func draw(_ word: String, _ records: [EpisodeRecord]) {
        let (start, gap, perRow) = (Canvas.left + 80, 22, 14)
        canvas.text(word, x: Canvas.left, y: canvas.y + 14, "oa-bold")
        for (index, record) in records.enumerated() {
            let x = start + index % perRow * gap + 8
            mark(record.mark, x: x, y: canvas.y + 10 + index / perRow * gap, title: record.about)
        }
        canvas.y += 22 + (records.count - 1) / perRow * gap
    }

    private mutating func mark(_ mark: EpisodeRecord.Mark, x: Int, y: Int, title: String?) {
        switch mark {
        case .completed: canvas.circle(x: x, y: y, radius: 6, "oa-disc", title: title)
        case .recorded:
            canvas.circle(x: x, y: y, radius: 6, "oa-ring", title: title)
            canvas.circle(x: x, y: y, radius: 3, "oa-disc", title: title)
        case .underWay: canvas.circle(x: x, y: y, radius: 6, "oa-ring", title: title)
        case .failed:
            canvas.path([(x - 6, y - 6), (x + 6, y + 6)], "oa-cross", title: title)
            canvas.path([(x - 6, y + 6), (x + 6, y - 6)], "oa-cross", title: title)
        }
    }

    private mutating func draw(_ standing: StandingChoice) {
        let choice = standing.choice
        canvas.gate("\(choice.person) \(choice.verdict.words)", [UTC.text(milliseconds: standing.atMilliseconds)])
    }

    private mutating func legend() {
        var x = Canvas.left + 8
        for mark in EpisodeRecord.Mark.allCases {
            self.mark(mark, x: x, y: canvas.y, title: nil)
            canvas.text(mark.rawValue, x: x + 12, y: canvas.y + 4, "oa-soft oa-small")
            x += 32 + mark.rawValue.count * 7
        }
        canvas.y += 20
        for words in [
            "bar: the probability that was given to a forecast",
            "✓ came true or kept, ✗ did not, ? not settled, ↩ undone",
        ] {
            canvas.text(words, x: Canvas.left, y: canvas.y, width: Canvas.right - Canvas.left, "oa-soft oa-small")
            canvas.y += 16
        }
        canvas.y -= 10
    }

    // MARK: - Steps

    private mutating func draw(_ trials: [StepTrial]) {
        canvas.text("enact", x: Canvas.left, y: canvas.y + 14, "oa-bold")
        if let base = state.enactment.base, checkpoints[base] == nil { checkpoints[base] = canvas.y + 10 }
        canvas.y += 24
        for trial in trials {
            draw(trial)
            canvas.y += 6
        }
    }

    private mutating func draw(_ trial: StepTrial) {
        let line = canvas.y + 10
        let kind = "oa-bold oa-" + trial.tone.name
        canvas.text(trial.mark, x: Canvas.left, y: line + 4, kind)
        let label = trial.step.id.rawValue + (trial.attempt > 1 ? " (\(trial.attempt))" : "")
        canvas.text(label, x: Canvas.left + 20, y: line + 4, width: 70, "oa-bold")
        let x = Canvas.left + 96
        canvas.text(trial.step.intent, x: x, y: line + 4, width: Canvas.right - x)
        canvas.y += 20
        for settlement in trial.settlements { draw(settlement) }
        if let checkpoint = trial.checkpoint, trial.reverted == nil { checkpoints[checkpoint] = line }
        if let reverted = trial.reverted { turnBack(reverted, from: line) }
    }

    private mutating func draw(_ settlement: Settlement) {
        let line = canvas.y + 8
        let track = (x: Canvas.left + 96, width: 70)
        let share = settlement.probability.isFinite ? min(max(settlement.probability, 0), 1) : 0
        canvas.text(settlement.probability.percent, x: track.x - 8, y: line + 4, width: 60, "oa-small", anchor: "end")
        canvas.box(x: track.x, y: line - 4, width: track.width, height: 8, "oa-track")
        canvas.box(x: track.x, y: line - 4, width: Int((Double(track.width) * share).rounded()), height: 8, "oa-part")
        canvas.text(settlement.mark, x: track.x + track.width + 8, y: line + 4, "oa-bold oa-" + settlement.tone.name)
        let x = track.x + track.width + 26
        canvas.text(settlement.statement, x: x, y: line + 4, width: Canvas.right - x, "oa-soft oa-small")
        canvas.y += 18
    }

    private mutating func turnBack(_ reverted: StepsReverted, from line: Int) {
        let lane = 30 - turns % 3 * 10
        turns += 1
        // A checkpoint that is not known by its step is drawn as a turn on the spot.
        let target = checkpoints[reverted.checkpoint] ?? line - 14
        let points = [(Canvas.left - 4, line), (lane, line), (lane, target), (Canvas.left - 4, target)]
        canvas.path(points, "oa-line oa-bad", arrow: true, title: "\(reverted.reason.title): \(reverted.note)")
        canvas.text("↩ \(reverted.reason.title)", x: Canvas.left + 20, y: canvas.y + 10, width: 70, "oa-bad oa-small")
        canvas.text(
            reverted.note,
            x: Canvas.left + 96,
            y: canvas.y + 10,
            width: Canvas.right - Canvas.left - 96,
            "oa-bad oa-small"
        )
        canvas.y += 18
    }
}

extension EpisodeRecord {
    /// How an episode is drawn.
    enum Mark: String, CaseIterable {
        case completed
        case failed
        case recorded = "recorded answers"
        case underWay = "under way"
    }

    var mark: Mark {
        switch status {
        case .completed: isRecorded ? .recorded : .completed
        case .failed: .failed
        case .started, .reopened: .underWay
        }
    }

    /// What a reader is told who points at the mark.
    var about: String {
        let ended = failure.map { "\($0.code): \($0.message)" } ?? mark.rawValue
        return "\(order.id) by \(performer): \(ended), \(milliseconds.millisecondsText)"
    }
}
