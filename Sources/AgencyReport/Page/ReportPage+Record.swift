// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

extension ReportPage {
    /// What was consumed, by role and performer.
    var costs: Markup {
        part("costs", "Costs", note: "≈ marks tokens that were estimated from lengths.") {
            tag("table", "stack") {
                tag("thead") {
                    tag("tr") {
                        tag("th") { "role" }
                        tag("th") { "performer" }
                        tag("th", "num") { "episodes" }
                        tag("th", "num") { "tokens" }
                        tag("th", "num") { "money" }
                        tag("th", "num") { "time" }
                    }
                }
                tag("tbody") {
                    for row in account.costs.rows { cost(row) }
                    cost(account.costs.total)
                }
            }
            if !account.curve.isFlat {
                CostPicture.figure(account.curve, account.timeline)
            } else if !account.curve.points.isEmpty {
                tag("p", "soft") { account.curve.flatWords }
            }
        }
    }

    private func cost(_ row: Costs.Row) -> Markup {
        tag("tr") {
            tag("td") { tag("strong") { row.role } }
            tag("td") {
                row.performer
                if row.isRecorded {
                    " "
                    tag("span", "tag quiet") { "recorded answers" }
                }
            }
            named("episodes", "num") { row.episodesText }
            named("tokens", "num") { row.tokensText }
            named("money", "num") { row.usage.money.description }
            named("time", "num") { row.milliseconds.millisecondsText }
        }
    }

    /// Who does what, and what happened, as pictures.
    var pictures: Markup {
        part("pictures", "Pictures") {
            if !account.timeline.lanes.isEmpty {
                TimelinePicture.figure(state, account.timeline, link: account.link)
            }
            tag("div", "pictures") {
                tag("figure") {
                    RunPicture.markup(state)
                    tag("figcaption") { "The run, from top to bottom." }
                }
                if let architecture = state.architecture {
                    tag("figure") {
                        ArchitecturePicture.markup(architecture)
                        tag("figcaption") { "The architecture \(architecture.name)." }
                    }
                }
            }
        }
    }

    /// The events, the digests and what verification showed.
    var record: Markup {
        part("record", "Record") {
            tag("p") { account.verification ?? "The ledger was not verified for this report." }
            tag("h3") { "Digests" }
            tag("dl", "facts") {
                for one in account.digests {
                    tag("dt") { one.name }
                    tag("dd") { digest(one.value, isWhole: true) }
                }
            }
            tag("details", "whole") {
                tag("summary") { state.episodes.count.counted("episode") }
                episodes
            }
            tag("details", "whole") {
                tag("summary") { account.eventCount.counted("event") }
                if account.isPartial {
                    tag("p", "soft") {
                        "Only the first and the last are here, and costs are those of each episode's last try."
                    }
                }
                EventTable.markup(account.events)
            }
        }
    }

    /// The name of an episode, which leads to its page where there is one.
    private func name(of episode: EpisodeID) -> Markup {
        let place = account.link(episode)
        guard !place.hasPrefix("#") else { return Markup(text: episode.rawValue) }
        return tag("a", with: [("href", place)]) { episode.rawValue }
    }

    private var episodes: Markup {
        tag("table", "stack events") {
            tag("thead") {
                tag("tr") {
                    tag("th") { "episode" }
                    tag("th") { "performer" }
                    tag("th") { "outcome" }
                    tag("th") { "prompt" }
                    tag("th") { "transcript" }
                }
            }
            tag("tbody") {
                for record in state.episodeOrder.compactMap({ state.episodes[$0] }) {
                    tag("tr") {
                        tag("td", with: [("class", "mono"), ("id", "episode-" + record.order.id.rawValue)]) {
                            name(of: record.order.id)
                        }
                        tag("td") { record.performer }
                        tag("td") { record.outcomeText }
                        named("prompt") { digest(record.prompt.digest) }
                        named("transcript") { if let transcript = record.transcript { digest(transcript.digest) } }
                    }
                }
            }
        }
    }
}

extension EpisodeRecord {
    /// What became of the episode, and how its samples were counted.
    fileprivate var outcomeText: String {
        // The message of an undecided episode is how its samples were counted.
        if let failure { return "✕ \(failure.code): \(failure.message)" }
        return mark.rawValue + (ballot.map { "; \($0.line)" } ?? "")
    }
}
