#include "speech/ssml.h"

#include <expat.h>
#include <fmt/format.h>

#include <memory>
#include <optional>

#include "speech/language.h"
#include "speech/prosody.h"
#include "speech/say_as.h"
#include "speech/sentences.h"

namespace tandem::speech {
namespace {

constexpr std::size_t kMaxBytes = 65'536;
constexpr std::size_t kMaxDepth = 32;
constexpr std::int64_t kParagraphPauseMs = 400;
constexpr std::int64_t kSentencePauseMs = 150;

struct ParserFree {
  void operator()(XML_ParserStruct* p) const { XML_ParserFree(p); }
};

enum class Element { speak, p, s, pause, emphasis, prosody, say_as, sub, mark, voice, lang };

std::optional<Element> element_of(std::string_view name) {
  struct Known {
    std::string_view name;
    Element element;
  };
  static constexpr Known kKnown[] = {{"speak", Element::speak},
                                     {"p", Element::p},
                                     {"s", Element::s},
                                     {"break", Element::pause},
                                     {"prosody", Element::prosody},
                                     {"emphasis", Element::emphasis},
                                     {"say-as", Element::say_as},
                                     {"sub", Element::sub},
                                     {"mark", Element::mark},
                                     {"voice", Element::voice},
                                     {"lang", Element::lang}};
  for (const Known& k : kKnown) {
    if (k.name == name) return k.element;
  }
  return std::nullopt;
}

class Attributes {
 public:
  explicit Attributes(const XML_Char** list) : list_(list) {}
  [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const {
    for (const XML_Char** a = list_; *a != nullptr; a += 2) {
      if (name == *a) return a[1];
    }
    return std::nullopt;
  }

 private:
  const XML_Char** list_;
};

class Parser {
 public:
  explicit Parser(std::string_view language) : xml_(XML_ParserCreate("UTF-8")) {
    base_.language = language;
    XML_SetUserData(xml_.get(), this);
    XML_SetElementHandler(xml_.get(), on_start, on_end);
    XML_SetCharacterDataHandler(xml_.get(), on_text);
    XML_SetStartDoctypeDeclHandler(xml_.get(), on_doctype);
  }

  Result<Document, SsmlError> run(std::string_view ssml) {
    feed("", false);
    const bool whole = is_document(ssml);
    bool ok = whole || feed("<speak>", false);
    ok = ok && feed(ssml, whole);
    ok = ok && (whole || feed("</speak>", true));
    if (!ok) return Err(SsmlError{error_});
    return std::move(document_);
  }

 private:
  struct Open {
    Element element;
    Style style;
    std::string interpret_as;
    std::string format;
    std::string alias;
  };

  static bool is_document(std::string_view ssml) {
    const std::size_t at = ssml.find_first_not_of(" \t\r\n\xef\xbb\xbf");
    if (at == std::string_view::npos) return false;
    const std::string_view head = ssml.substr(at);
    return head.starts_with("<?xml") || head.starts_with("<!DOCTYPE") || head.starts_with("<speak");
  }

  bool feed(std::string_view text, bool last) {
    if (XML_Parse(xml_.get(), text.data(), static_cast<int>(text.size()), last ? 1 : 0) == XML_STATUS_OK)
      return true;
    if (error_.empty()) refuse(XML_ErrorString(XML_GetErrorCode(xml_.get())));
    return false;
  }

  // Notes the first error with its place and stops the parser.
  void refuse(std::string_view why) {
    if (!error_.empty()) return;
    error_ = fmt::format("line {}, column {}: {}", XML_GetCurrentLineNumber(xml_.get()),
                         XML_GetCurrentColumnNumber(xml_.get()) + 1, why);
    XML_StopParser(xml_.get(), XML_FALSE);
  }
  void refuse_value(std::string_view element, std::string_view attribute, std::string_view value) {
    refuse(fmt::format("<{}>: {}=\"{}\" is not understood", element, attribute, value.substr(0, 40)));
  }

  static void on_start(void* self, const XML_Char* name, const XML_Char** attributes) {
    static_cast<Parser*>(self)->start(name, Attributes(attributes));
  }
  static void on_end(void* self, const XML_Char* /*name*/) { static_cast<Parser*>(self)->end(); }
  static void on_text(void* self, const XML_Char* text, int length) {
    static_cast<Parser*>(self)->text_.append(text, static_cast<std::size_t>(length));
  }
  static void on_doctype(void* self, const XML_Char*, const XML_Char*, const XML_Char*, int) {
    static_cast<Parser*>(self)->refuse("a DOCTYPE is not allowed");
  }

  void start(std::string_view name, const Attributes& attributes) {
    if (!error_.empty()) return;
    const auto element = element_of(name);
    if (!element) {
      refuse(name == "audio" ? "<audio> is not supported: play files with their own operation"
                             : fmt::format("<{}> is not supported", name.substr(0, 40)));
      return;
    }
    if (open_.empty() != (*element == Element::speak)) {
      refuse(open_.empty() ? "the root element must be <speak>"
                           : "<speak> must not be inside another element");
      return;
    }
    if (open_.size() >= kMaxDepth) {
      refuse("elements are nested too deep");
      return;
    }
    if (!open_.empty() && (open_.back().element == Element::say_as || open_.back().element == Element::sub)) {
      refuse(fmt::format("<{}> must not be inside <say-as> or <sub>", name));
      return;
    }
    flush();
    Open open{*element, open_.empty() ? base_ : open_.back().style, {}, {}, {}};
    apply(open, attributes);
    open_.push_back(std::move(open));
  }

  void apply(Open& open, const Attributes& attributes) {
    switch (open.element) {
      case Element::speak:
      case Element::p:
      case Element::s:
      case Element::lang:
        set_language(open.style, attributes, open.element == Element::lang);
        break;
      case Element::pause:
        add_break(attributes);
        break;
      case Element::mark:
        document_.emplace_back(Mark{std::string(attributes.get("name").value_or(""))});
        break;
      case Element::emphasis:
        if (!emphasise(attributes.get("level").value_or(""), open.style)) {
          refuse_value("emphasis", "level", attributes.get("level").value_or(""));
        }
        break;
      case Element::prosody:
        set_prosody(open.style, attributes);
        break;
      case Element::voice:
        set_voice(open.style, attributes);
        break;
      case Element::say_as:
        open.interpret_as = attributes.get("interpret-as").value_or("");
        open.format = attributes.get("format").value_or("");
        if (open.interpret_as.empty()) refuse("<say-as> needs interpret-as");
        break;
      case Element::sub:
        open.alias = attributes.get("alias").value_or("");
        if (!attributes.get("alias")) refuse("<sub> needs alias");
        break;
    }
  }

  void set_language(Style& style, const Attributes& attributes, bool required) {
    const auto language = attributes.get("xml:lang");
    if (!language) {
      if (required) refuse("<lang> needs xml:lang");
      return;
    }
    if (!valid_language(*language)) {
      refuse(fmt::format("xml:lang=\"{}\" is not a language tag", language->substr(0, 40)));
      return;
    }
    if (!same_primary_language(style.language, *language)) style.voice.clear();
    style.language = *language;
  }

  void set_voice(Style& style, const Attributes& attributes) {
    set_language(style, attributes, false);
    if (const auto name = attributes.get("name")) {
      style.voice = *name;
      if (!attributes.get("xml:lang")) style.language.clear();  // That of the voice.
    }
  }

  void set_prosody(Style& style, const Attributes& attributes) {
    if (const auto rate = attributes.get("rate")) {
      const auto ratio = rate_ratio(*rate);
      if (!ratio) refuse_value("prosody", "rate", *rate);
      style.rate *= ratio.value_or(1);
    }
    if (const auto pitch = attributes.get("pitch")) {
      const auto ratio = pitch_ratio(*pitch);
      if (!ratio) refuse_value("prosody", "pitch", *pitch);
      style.pitch *= ratio.value_or(1);
    }
    if (const auto volume = attributes.get("volume")) {
      const auto db = volume_db(*volume);
      if (!db) refuse_value("prosody", "volume", *volume);
      style.gain_db += db.value_or(0);
    }
    bound(style);
  }

  void add_break(const Attributes& attributes) {
    std::int64_t ms = *break_strength_ms("medium");
    if (const auto time = attributes.get("time")) {
      const auto given = break_ms(*time);
      if (!given) refuse_value("break", "time", *time);
      ms = given.value_or(0);
    } else if (const auto strength = attributes.get("strength")) {
      const auto given = break_strength_ms(*strength);
      if (!given) refuse_value("break", "strength", *strength);
      ms = given.value_or(0);
    }
    if (ms > 0) document_.emplace_back(Pause{ms});
  }

  void end() {
    if (!error_.empty() || open_.empty()) return;
    flush();
    const Element element = open_.back().element;
    open_.pop_back();
    if (element == Element::p) document_.emplace_back(Pause{kParagraphPauseMs});
    if (element == Element::s) document_.emplace_back(Pause{kSentencePauseMs});
  }

  // What was read since the last tag, in the style of the innermost element.
  void flush() {
    const std::string raw = std::exchange(text_, {});
    if (open_.empty()) return;
    const Open& open = open_.back();
    std::string text = single_spaced(raw);
    if (open.element == Element::sub) text = single_spaced(std::exchange(open_.back().alias, {}));
    if (open.element == Element::say_as && !text.empty()) {
      text = say_as(open.interpret_as, open.format, text, same_primary_language(open.style.language, "en"));
    }
    if (!speakable(text)) return;
    // Pieces of one style are one text again: a say-as in a sentence does not break its melody.
    auto* last = document_.empty() ? nullptr : std::get_if<SpokenText>(&document_.back());
    if (last != nullptr && last->style == open.style) {
      last->text += ' ' + text;
    } else {
      document_.emplace_back(SpokenText{std::move(text), open.style});
    }
  }

  std::unique_ptr<XML_ParserStruct, ParserFree> xml_;
  Style base_;
  std::vector<Open> open_;
  std::string text_;
  Document document_;
  std::string error_;
};

}  // namespace

Result<Document, SsmlError> parse_ssml(std::string_view ssml, std::string_view language) {
  if (ssml.size() > kMaxBytes) {
    return Err(SsmlError{fmt::format("{} bytes of SSML; at most {} are allowed", ssml.size(), kMaxBytes)});
  }
  return Parser(language.empty() ? "en" : language).run(ssml);
}

}  // namespace tandem::speech
