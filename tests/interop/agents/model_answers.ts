/** A response of a model: a tool call or a final text. */
export type Turn = { readonly tool: string } | { readonly text: string };

/** A protocol between agents and models. */
export interface Dialect {
  /** Whether the path is the model endpoint. */
  readonly isCall: (path: string) => boolean;
  /** Whether the request allows tools and has no tool result yet. */
  readonly mayUseTool: (body: string) => boolean;
  /** The response, as server-sent events or as JSON. */
  readonly answer: (turn: Turn, isStream: boolean) => Response;
}

const usage = { input_tokens: 1, output_tokens: 1 };

function events(list: readonly (object | string)[], named = false): Response {
  const text = list.map((event) => {
    const data = typeof event === "string" ? event : JSON.stringify(event);
    const name = named && typeof event === "object" && "type" in event ? event.type : undefined;
    return `${name === undefined ? "" : `event: ${name}\n`}data: ${data}\n\n`;
  }).join("");
  return new Response(text, { headers: { "content-type": "text/event-stream" } });
}

/** `POST …/v1/messages` of Anthropic's API. */
const anthropic: Dialect = {
  isCall: (path) => path.endsWith("/v1/messages"),
  mayUseTool: (body) => /"tools":\s*\[\s*\{/.test(body) && !body.includes('"tool_result"'),
  answer: (turn, isStream) => {
    const isTool = "tool" in turn;
    const block = isTool
      ? { type: "tool_use", id: "toolu_1", name: turn.tool, input: {} }
      : { type: "text", text: isStream ? "" : turn.text };
    const delta = isTool
      ? { type: "input_json_delta", partial_json: "{}" }
      : { type: "text_delta", text: turn.text };
    const reason = isTool ? "tool_use" : "end_turn";
    const message = {
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "m",
      stop_sequence: null,
      usage,
    };
    if (!isStream) return Response.json({ ...message, content: [block], stop_reason: reason });
    return events([
      { type: "message_start", message: { ...message, content: [], stop_reason: null } },
      { type: "content_block_start", index: 0, content_block: block },
      { type: "content_block_delta", index: 0, delta },
      { type: "content_block_stop", index: 0 },
      { type: "message_delta", delta: { stop_reason: reason, stop_sequence: null }, usage },
      { type: "message_stop" },
    ], true);
  },
};

/** `POST …/responses` of OpenAI's API. */
const responses: Dialect = {
  isCall: (path) => path.endsWith("/responses"),
  mayUseTool: (body) => /"tools":\s*\[\s*\{/.test(body) && !body.includes("function_call_output"),
  answer: (turn) => {
    const item = "tool" in turn
      ? { type: "function_call", id: "fc_1", call_id: "call_1", name: turn.tool, arguments: "{}" }
      : {
        type: "message",
        id: "m_1",
        role: "assistant",
        content: [{ type: "output_text", text: turn.text }],
      };
    const response = { id: "resp_1" };
    const total = { ...usage, total_tokens: 2, input_tokens_details: null };
    return events([
      { type: "response.created", response },
      { type: "response.output_item.done", output_index: 0, item },
      { type: "response.completed", response: { ...response, usage: total } },
    ], true);
  },
};

/** `POST …/chat/completions` of OpenAI's API. */
const completions: Dialect = {
  isCall: (path) => path.endsWith("/chat/completions"),
  mayUseTool: (body) => /"tools":\s*\[\s*\{/.test(body) && !/"role":\s*"tool"/.test(body),
  answer: (turn, isStream) => {
    const call = { index: 0, id: "call_1", type: "function" };
    const message = "tool" in turn
      ? { content: null, tool_calls: [{ ...call, function: { name: turn.tool, arguments: "{}" } }] }
      : { content: turn.text };
    const delta = { role: "assistant", ...message };
    const reason = "tool" in turn ? "tool_calls" : "stop";
    const head = { id: "c_1", created: 1, model: "m" };
    const counts = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
    if (!isStream) {
      return Response.json({
        ...head,
        object: "chat.completion",
        choices: [{ index: 0, message: delta, finish_reason: reason }],
        usage: counts,
      });
    }
    const chunk = { ...head, object: "chat.completion.chunk" };
    return events([
      { ...chunk, choices: [{ index: 0, delta, finish_reason: null }] },
      { ...chunk, choices: [{ index: 0, delta: {}, finish_reason: reason }], usage: counts },
      "[DONE]",
    ]);
  },
};

/** `POST …:generateContent` and `…:streamGenerateContent` of Google's API. */
const google: Dialect = {
  isCall: (path) => /:(streamG|g)enerateContent$/.test(path),
  mayUseTool: (body) =>
    body.includes('"functionDeclarations"') && !body.includes('"functionResponse":'),
  answer: (turn, isStream) => {
    const part = "tool" in turn
      ? { functionCall: { name: turn.tool, args: {} } }
      : { text: turn.text };
    const answer = {
      candidates: [{ index: 0, content: { role: "model", parts: [part] }, finishReason: "STOP" }],
      usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
    };
    return isStream ? events([answer]) : Response.json(answer);
  },
};

/** All protocols of the fake model. */
export const dialects: readonly Dialect[] = [anthropic, responses, completions, google];
