// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/text/note_words.h"

#include <QCoreApplication>
#include <algorithm>
#include <array>
#include <string_view>

#include "widgets/text/words.h"

namespace hindcast::text {

namespace {
/// The context of the sentences in this file.
class Notes {
    Q_DECLARE_TR_FUNCTIONS(Notes)
};

struct Sentence {
    std::string_view key;
    const char* text;
    const char* remedy;
};
constexpr std::array kSentences{
    Sentence{"implicit", QT_TRANSLATE_NOOP("Notes", "%1 was captured without being named"), ""},
    Sentence{"lazy-off", QT_TRANSLATE_NOOP("Notes", "lazy captures were given up: %2"), ""},
    Sentence{"nondeterministic",
             QT_TRANSLATE_NOOP(
                 "Notes", "kernels of %1 may add in another order each time: values can be numeric instead of exact"),
             QT_TRANSLATE_NOOP("Notes", "call torch.use_deterministic_algorithms(True), or set a tolerance")},
    Sentence{"source-changed", QT_TRANSLATE_NOOP("Notes", "%1 was changed while the run started"), ""},
    Sentence{"no-source", QT_TRANSLATE_NOOP("Notes", "the source was not stored: %2"), ""},
    Sentence{"iterator", QT_TRANSLATE_NOOP("Notes", "%1 cannot be put back: %2"),
             QT_TRANSLATE_NOOP("Notes", "make the iterator inside the loop, or loop over what it is made from")},
    Sentence{"persistent-workers",
             QT_TRANSLATE_NOOP("Notes", "the loader %1 keeps its workers: their random state is not captured"),
             QT_TRANSLATE_NOOP("Notes", "leave persistent_workers out, or seed the workers for each epoch")},
    Sentence{"refused", QT_TRANSLATE_NOOP("Notes", "%1 cannot be checkpointed: %2"),
             QT_TRANSLATE_NOOP("Notes", "teach how it is saved with hindcast.register(type, save, load)")},
    Sentence{"uncaptured", QT_TRANSLATE_NOOP("Notes", "%1 is not captured: %2"), ""},
    Sentence{"not-recorded", QT_TRANSLATE_NOOP("Notes", "values named %1 are not recorded: %2"), ""},
    Sentence{"slow-disk", QT_TRANSLATE_NOOP("Notes", "the script was slowed down to what the disk takes"),
             QT_TRANSLATE_NOOP("Notes", "log less often, or into a store on a faster disk")},
    Sentence{"sources-left-out", QT_TRANSLATE_NOOP("Notes", "the source was stored without %1"), ""},
    Sentence{"child-process", QT_TRANSLATE_NOOP("Notes", "it cannot be replayed: %2"), ""},
    Sentence{"silent-writes",
             QT_TRANSLATE_NOOP(
                 "Notes", "%1 was written in a way that torch does not count: replays start from the first capture"),
             QT_TRANSLATE_NOOP("Notes",
                               "write tensors in place under torch.no_grad() instead of through .data or "
                               "shared memory")},
    Sentence{"skip", QT_TRANSLATE_NOOP("Notes", "%1 captures were not taken: %2"), ""},
    Sentence{"cost", QT_TRANSLATE_NOOP("Notes", "captures took %1 of the time (budget %2)"), ""},
    Sentence{"cost-thinned",
             QT_TRANSLATE_NOOP("Notes",
                               "captures took %1 of the time (budget %2); %3 without tensors and %4 left out "
                               "to stay within it"),
             ""},
};

const Sentence* sentenceOf(const workspace::VersionNote& note) {
    const auto* const found = std::find_if(kSentences.begin(), kSentences.end(),
                                           [&](const Sentence& sentence) { return sentence.key == note.key; });
    return found == kSentences.end() ? nullptr : found;
}
}  // namespace

QString noteText(const workspace::VersionNote& note) {
    const Sentence* sentence = sentenceOf(note);
    if (sentence == nullptr) return fromUtf8(note.text);
    QString text = Notes::tr(sentence->text);
    for (std::size_t at = 0; at < note.args.size(); ++at)
        text.replace(QLatin1Char('%') + QString::number(at + 1), fromUtf8(note.args[at]));
    return text;
}

QString noteRemedy(const workspace::VersionNote& note) {
    const Sentence* sentence = sentenceOf(note);
    if (note.remedy.empty()) return {};
    return sentence == nullptr ? fromUtf8(note.remedy) : Notes::tr(sentence->remedy);
}

}  // namespace hindcast::text
