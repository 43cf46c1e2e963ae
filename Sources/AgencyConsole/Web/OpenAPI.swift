// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencySchema

/// What programs can ask for, for programs that read such descriptions.
///
/// > Source: OpenAPI 3.1.0 <https://spec.openapis.org/oas/v3.1.0>.
enum OpenAPI {
    static let document: JSONValue = [
        "openapi": "3.1.0",
        "info": [
            "title": "OpenAgency desk", "version": "1",
            "description": .string(
                "What the pages of agency serve show, as JSON. A token reads, and where that was granted asks, pauses and stops; "
                    + "it never chooses, and lets nothing go on: those take a person, and a page that was put before them."
            ),
        ],
        "security": [["token": []]],
        "paths": [
            "/api/openapi.json": ["get": description],
            "/api/records": ["get": records],
            "/api/mandates": ["get": mandates],
            "/api/runs": ["get": runs],
            "/api/runs/{run}": ["parameters": [run], "get": summary],
            "/api/runs/{run}/events": ["parameters": [run], "get": events],
            "/api/artefacts/{digest}": ["parameters": [digest], "get": artefact],
            "/api/runs/{run}/report": ["parameters": [run], "get": report],
            "/api/runs/{run}/options": ["parameters": [run], "post": option],
            "/api/runs/{run}/outcomes": ["parameters": [run], "post": outcome],
            "/api/runs/{run}/output": ["parameters": [run], "get": output],
            "/api/runs/{run}/live": ["parameters": [run], "get": live],
            "/api/runs/{run}/question": [
                "parameters": [run], "post": hold("Ask the explainer", "question", 2000),
            ],
            "/api/runs/{run}/pause": ["parameters": [run], "post": hold("Pause a run", "reason", 1000)],
            "/api/runs/{run}/stop": ["parameters": [run], "post": hold("Stop a run for good", "reason", 1000)],
        ],
        "components": [
            "securitySchemes": ["token": ["type": "http", "scheme": "bearer"]],
            "schemas": ["Row": row, "Event": event, "Run": state, "Error": error],
        ],
    ]

    // MARK: What can be asked for

    private static var description: JSONValue {
        [
            "summary": "This description", "security": [],
            "responses": ["200": content("The description", ["type": "object", "required": ["openapi", "paths"]])],
        ]
    }

    private static let digest: JSONValue = [
        "name": "digest", "in": "path", "required": true, "schema": ["type": "string", "pattern": "^[0-9a-f]{64}$"],
    ]

    private static var artefact: JSONValue {
        let bytes: JSONValue = ["application/octet-stream": ["schema": ["type": "string", "format": "binary"]]]
        return [
            "summary":
                "What the ledger holds under a digest that events name: the prompt or the conversation of an episode, say",
            "responses": responses(["description": "Its bytes", "content": bytes]),
        ]
    }

    private static var report: JSONValue {
        [
            "summary": "The report of a run as of now",
            "responses": responses(
                ["description": "The report", "content": ["text/markdown": ["schema": ["type": "string"]]]]
            ),
        ]
    }

    private static var option: JSONValue {
        func text(_ most: Int64) -> JSONValue {
            ["type": "string", "minLength": 1, "maxLength": .integer(most), "pattern": "\\S"]
        }
        let body: JSONValue = [
            "type": "object", "required": ["from", "plan", "reason"],
            "properties": [
                "from": text(200), "plan": ["type": "object"], "reason": text(1000),
            ],
        ]
        let answer: JSONValue = [
            "type": "object", "required": ["option"], "properties": ["option": ["type": "string"]],
        ]
        return [
            "summary":
                "File an option made from another; it stands beside the others, judged by nobody, for people to choose",
            "requestBody": ["required": true, "content": ["application/json": ["schema": body]]],
            "responses": responses(content("What it is called", answer), takes: true),
        ]
    }

    private static var output: JSONValue {
        let answer: JSONValue = [
            "type": "object", "required": ["step", "text", "at"],
            "properties": [
                "step": ["type": ["string", "null"], "description": "The step that runs; null where none prints."],
                "text": [
                    "type": ["string", "null"],
                    "description": "The newest of what it has printed; what cannot be seen is spelt out.",
                ],
                "at": [
                    "type": ["integer", "null"], "description": "When it was told, in milliseconds since 1970 UTC.",
                ],
            ],
        ]
        return [
            "summary": "What the step that runs on this machine has printed so far",
            "responses": responses(content("What it has printed", answer)),
        ]
    }

    private static var records: JSONValue {
        let answer: JSONValue = [
            "type": "object", "required": ["runs", "records"],
            "properties": [
                "runs": ["type": "integer", "minimum": 0], "records": ["type": "array", "items": ["type": "object"]],
            ],
        ]
        return [
            "summary": "How good the forecasts of each role were in the newest runs",
            "responses": responses(content("The track records", answer)),
        ]
    }

    private static var mandates: JSONValue {
        let answer: JSONValue = [
            "type": "object", "required": ["mandates"],
            "properties": ["mandates": ["type": "array", "items": ["type": "object"]]],
        ]
        return [
            "summary": "How choices by rule fare, and which mandates stand",
            "responses": responses(content("What is known", answer)),
        ]
    }

    private static var outcome: JSONValue {
        func text(_ most: Int64) -> JSONValue {
            ["type": "string", "minLength": 1, "maxLength": .integer(most), "pattern": "\\S"]
        }
        func body(_ required: [JSONValue], _ subject: JSONObject) -> JSONValue {
            var properties = subject
            properties["outcome"] = ["type": "boolean"]
            properties["reason"] = text(1000)
            return [
                "type": "object", "required": .array(required + ["outcome", "reason"]),
                "properties": .object(properties), "additionalProperties": false,
            ]
        }
        let forecast: JSONValue = ["type": "integer", "minimum": 1, "maximum": 10_000]
        let either: JSONValue = [
            "oneOf": [
                body(["option"], ["option": text(200)]), body(["step"], ["step": text(200), "forecast": forecast]),
            ]
        ]
        return [
            "summary": "Say what became of a forecast: that an option reaches the goals, or one of a step's",
            "requestBody": ["required": true, "content": ["application/json": ["schema": either]]],
            "responses": responses(
                content("How the run stands then", ["$ref": "#/components/schemas/Run"]),
                takes: true
            ),
        ]
    }

    private static var runs: JSONValue {
        let answer: JSONValue = [
            "type": "object", "required": ["total", "runs"],
            "properties": [
                "total": ["type": "integer", "minimum": 0],
                "runs": ["type": "array", "maxItems": 1000, "items": ["$ref": "#/components/schemas/Row"]],
            ],
        ]
        return [
            "summary": "The runs of the ledger, the newest first", "parameters": .array(range),
            "responses": responses(content("A part of the list", answer)),
        ]
    }

    private static var summary: JSONValue {
        [
            "summary": "How a run stands",
            "responses": responses(content("The run", ["$ref": "#/components/schemas/Run"])),
        ]
    }

    private static var events: JSONValue {
        let answer: JSONValue = [
            "type": "object", "required": ["events"],
            "properties": [
                "events": ["type": "array", "maxItems": 1000, "items": ["$ref": "#/components/schemas/Event"]]
            ],
        ]
        return [
            "summary": "The events of a run, as they are recorded", "parameters": .array(range),
            "responses": responses(content("A part of the record", answer)),
        ]
    }

    private static var live: JSONValue {
        let after: JSONValue = [
            "name": "after", "in": "query", "required": true,
            "description": "The place of the last event that is known, -1 for none; Last-Event-ID says so too",
            "schema": ["type": "integer", "minimum": -1, "maximum": .integer(Int64(Int32.max))],
        ]
        return [
            "summary": "What happens from now on, as server-sent events; the id of each is its place in the record",
            "parameters": [after],
            "responses": responses(
                [
                    "description": "Events, as they come",
                    "content": ["text/event-stream": ["schema": ["type": "string"]]],
                ]
            ),
        ]
    }

    private static func hold(_ summary: String, _ field: String, _ most: Int64) -> JSONValue {
        let body: JSONValue = [
            "type": "object", "required": [.string(field)],
            "properties": [
                .init(field): ["type": "string", "minLength": 1, "maxLength": .integer(most), "pattern": "\\S"]
            ],
        ]
        return [
            "summary": .string(summary),
            "requestBody": ["required": true, "content": ["application/json": ["schema": body]]],
            "responses": responses(
                content("How the run stands then", ["$ref": "#/components/schemas/Run"]),
                takes: true
            ),
        ]
    }

    // MARK: Parts

    private static let run: JSONValue = [
        "name": "run", "in": "path", "required": true, "schema": ["type": "string", "minLength": 1, "maxLength": 128],
    ]

    private static let range: [JSONValue] = [
        [
            "name": "from", "in": "query", "description": "How many to pass over",
            "schema": ["type": "integer", "minimum": 0, "maximum": .integer(Int64(Int32.max)), "default": 0],
        ],
        [
            "name": "limit", "in": "query", "description": "The most of them",
            "schema": ["type": "integer", "minimum": 0, "maximum": 1000, "default": 100],
        ],
    ]

    private static func content(_ description: String, _ schema: JSONValue) -> JSONValue {
        ["description": .string(description), "content": ["application/json": ["schema": schema]]]
    }

    /// What any of them may answer; `takes` says whether something is sent.
    private static func responses(_ good: JSONValue, takes: Bool = false) -> JSONValue {
        func fault(_ description: String) -> JSONValue { content(description, ["$ref": "#/components/schemas/Error"]) }
        var all: JSONObject = [
            "200": good, "400": fault("What was sent cannot be used"), "401": fault("No token that is known"),
            "403": fault("The token is not for that"), "404": fault("There is no such run"),
            "503": fault("The ledger cannot be used now; try again"),
        ]
        if takes {
            all["409"] = fault("The run is not where that can be done")
            all["415"] = fault("What was sent is no JSON")
        }
        return .object(all)
    }

    private static let error: JSONValue = [
        "type": "object", "required": ["error"], "properties": ["error": ["type": "string"]],
    ]

    private static let row: JSONValue = [
        "type": "object",
        "required": [
            "run", "title", "architecture", "status", "updatedAtMilliseconds", "startedAtMilliseconds", "events",
            "isDue",
        ],
        "properties": [
            "run": ["type": "string"], "title": ["type": "string"], "architecture": ["type": "string"],
            "status": ["type": "string"], "updatedAtMilliseconds": ["type": "integer"],
            "startedAtMilliseconds": ["type": "integer"], "events": ["type": "integer"], "isDue": ["type": "boolean"],
        ],
    ]

    private static let event: JSONValue = [
        "type": "object", "required": ["v", "type", "at", "body"],
        "properties": [
            "v": ["type": "integer"], "type": ["type": "string"],
            "at": ["type": "integer", "description": "Milliseconds since 1970 UTC"], "body": [:],
        ],
    ]

    private static let state: JSONValue = [
        "type": "object",
        "required": ["run", "title", "architecture", "status", "whereabouts", "waits_for_choice", "options", "goals"],
        "properties": [
            "run": ["type": "string"], "title": ["type": "string"], "architecture": ["type": "string"],
            "status": ["type": "string"], "whereabouts": ["type": "string"], "waits_for_choice": ["type": "boolean"],
            "options": ["type": "array"], "goals": ["type": "array"],
        ],
    ]
}
#endif
