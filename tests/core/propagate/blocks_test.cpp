// SPDX-License-Identifier: Apache-2.0
// Statements in every kind of block that Python has, each with the text that has to come out.
#include <algorithm>

#include "tests/core/propagate/support.h"

namespace hindcast::propagate {
namespace {

struct Blocks : testing::TestWithParam<Carried> {};

TEST_P(Blocks, StatementLandsInItsBlock) {
    const Carried& one = GetParam();
    EXPECT_EQ(spliced(carry(one.newest, one.marker, one.old)), one.expected);
}

const Carried kCases[] = {
    {"With", "log('size'",
     "with open(path) as f, timer() as t:\n    data = read(f)\n    log('size', len(data))\n    keep(data, t)\n",
     "with open(where) as f, timer() as t:\n    data = read(f)\n    keep(data, t)\n",
     "with open(where) as f, timer() as t:\n    data = read(f)\n    log('size', len(data))\n    keep(data, t)\n"},
    {"Try", "log('loaded'",
     "try:\n    state = load(path)\n    log('loaded', state.step)\n    resume(state)\nexcept IOError:\n    start()\n",
     "try:\n    ckpt = load(path)\n    resume(ckpt)\nexcept IOError:\n    start(0)\n",
     "try:\n    ckpt = load(path)\n    log('loaded', ckpt.step)\n    resume(ckpt)\nexcept IOError:\n    start(0)\n"},
    {"Except", "log('oom'",
     "for b in batches:\n    try:\n        step(b)\n    except ValueError as e:\n        skip(b)\n    except "
     "RuntimeError as "
     "e:\n        free(b)\n        log('oom', len(b))\n        retry(b, e)\n",
     "for b in batches:\n    try:\n        step(b)\n    except RuntimeError as err:\n        free(b)\n        retry(b, "
     "err)\n    except ValueError as err:\n        skip(b)\n",
     "for b in batches:\n    try:\n        step(b)\n    except RuntimeError as err:\n        free(b)\n        "
     "log('oom', "
     "len(b))\n        retry(b, err)\n    except ValueError as err:\n        skip(b)\n"},
    {"TryElse", "log('clean'",
     "try:\n    run(model)\nexcept KeyboardInterrupt:\n    save(model)\nelse:\n    finish(model)\n    log('clean', "
     "model.epoch)\n    publish(model)\nfinally:\n    close(model)\n",
     "try:\n    run(model)\nexcept KeyboardInterrupt:\n    save(model)\nelse:\n    finish(model)\n    "
     "publish(model)\nfinally:\n    close(model)\n",
     "try:\n    run(model)\nexcept KeyboardInterrupt:\n    save(model)\nelse:\n    finish(model)\n    log('clean', "
     "model.epoch)\n    publish(model)\nfinally:\n    close(model)\n"},
    {"Finally", "log('steps'",
     "try:\n    run(model)\nfinally:\n    flush(writer)\n    log('steps', model.steps)\n    close(writer)\n",
     "try:\n    run(net)\nexcept Exception:\n    raise\nfinally:\n    flush(writer)\n    close(writer)\nprint(net)\n",
     "try:\n    run(net)\nexcept Exception:\n    raise\nfinally:\n    flush(writer)\n    log('steps', net.steps)\n    "
     "close(writer)\nprint(net)\n"},
    {"Elif", "log('mode'",
     "if args.a:\n    net = small(args)\n    warm(net)\nelif args.b:\n    net = large(args)\n    log('mode', args.b)\n "
     "   "
     "warm(net, 2)\nelse:\n    net = tiny(args)\n",
     "if args.a:\n    net = small(args)\n    warm(net)\nelif args.c:\n    net = huge(args)\nelif args.b:\n    net = "
     "large(args)\n    warm(net, 2)\nelse:\n    net = tiny(args)\n",
     "if args.a:\n    net = small(args)\n    warm(net)\nelif args.c:\n    net = huge(args)\nelif args.b:\n    net = "
     "large(args)\n    log('mode', args.b)\n    warm(net, 2)\nelse:\n    net = tiny(args)\n"},
    {"ForElse", "log('exhausted'",
     "for p in papers:\n    if fits(p):\n        break\nelse:\n    tell(papers)\n    log('exhausted', "
     "len(papers))\n    stop(papers)\n",
     "for p in papers:\n    if fits(p):\n        break\nelse:\n    tell(papers)\n    stop(papers)\n",
     "for p in papers:\n    if fits(p):\n        break\nelse:\n    tell(papers)\n    log('exhausted', "
     "len(papers))\n    stop(papers)\n"},
    {"Match", "log('kind'",
     "match task:\n    case {'kind': 'train'}:\n        fit(task)\n    case {'kind': kind}:\n        prepare(kind)\n   "
     "   "
     "  log('kind', kind)\n        fallback(kind)\n",
     "match task:\n    case {'kind': k}:\n        prepare(k)\n        fallback(k)\n",
     "match task:\n    case {'kind': k}:\n        prepare(k)\n        log('kind', k)\n        fallback(k)\n"},
    {"DecoratedMethod", "log('lr'",
     "class Trainer:\n    @torch.no_grad()\n    def update(self, lr):\n        self.rate = lr\n        log('lr', "
     "self.rate)\n        self.apply()\n\n    def other(self, lr):\n        self.rate = lr\n        self.apply()\n",
     "class Trainer:\n    def update(self, rate):\n        self.rate = rate\n        self.apply()\n\n    def "
     "other(self, lr):\n        self.rate = lr\n        self.apply()\n",
     "class Trainer:\n    def update(self, rate):\n        self.rate = rate\n        log('lr', self.rate)\n        "
     "self.apply()\n\n    def other(self, lr):\n        self.rate = lr\n        self.apply()\n"},
    {"NestedFunction", "log('inner'",
     "def outer(n):\n    total = 0\n    def add(x):\n        nonlocal total\n        total += x\n        log('inner', "
     "total)\n        return total\n    return add\n",
     "def outer(n):\n    acc = 0\n    def add(x):\n        nonlocal acc\n        acc += x\n        return acc\n    "
     "return add\n",
     "def outer(n):\n    acc = 0\n    def add(x):\n        nonlocal acc\n        acc += x\n        log('inner', acc)\n "
     "  "
     "     return acc\n    return add\n"},
    {"Async", "log('got'",
     "async def pull(queue):\n    async for item in queue:\n        value = await decode(item)\n        log('got', "
     "value)\n        await store(value)\n",
     "async def pull(q):\n    async for item in q:\n        value = await decode(item)\n        await store(value)\n",
     "async def pull(q):\n    async for item in q:\n        value = await decode(item)\n        log('got', value)\n    "
     "  "
     "  await store(value)\n"},
    {"NearComprehensions", "log('mean'",
     "losses = [loss(x) for x in data if x]\nlog('mean', sum(losses) / len(losses))\nworst = max(x for x in losses)\n",
     "values = [loss(y) for y in data if y]\nworst = max(y for y in values)\n",
     "values = [loss(y) for y in data if y]\nlog('mean', sum(values) / len(values))\nworst = max(y for y in values)\n"},
    {"LoopLevel", "log('epoch_loss'",
     "for epoch in range(9):\n    total = 0\n    for x in data:\n        total += step(x)\n    log('epoch_loss', "
     "total)\n",
     "for epoch in range(9):\n    total = 0\n    for x in data:\n        if x:\n            total += step(x)\n",
     "for epoch in range(9):\n    total = 0\n    for x in data:\n        if x:\n            total += step(x)\n    "
     "log('epoch_loss', total)\n"},
    {"OneLineSuite", "log('v'",
     "for i in items:\n    first = work(i)\n    log('v', first)\n    rest(first)\nend(items)\n",
     "for i in items: first = work(i); rest(first)\nend(items)\n",
     "for i in items: first = work(i); log('v', first); rest(first)\nend(items)\n"},
    {"JoinedWithSemicolons", "log('ab'", "a = one(); b = two(a)\nlog('ab', a + b)\nfinish(a, b)\n",
     "a = one(); b = two(a); finish(a, b)\n", "a = one(); b = two(a); log('ab', a + b); finish(a, b)\n"},
    {"AfterALineContinuation", "log('s'", "total = first(x) + \\\n    second(x)\nlog('s', total)\nreport(total)\n",
     "s = first(x) + \\\n    second(x)\nreport(s)\n", "s = first(x) + \\\n    second(x)\nlog('s', s)\nreport(s)\n"},
    {"ContinuedStatement", "log('s'", "total = first(x)\nlog('s', total + \\\n    extra(x))\nreport(total, x)\n",
     "def f(x):\n\ttotal = first(x)\n\treport(total, x)\n",
     "def f(x):\n\ttotal = first(x)\n\tlog('s', total + \\\n\t\textra(x))\n\treport(total, x)\n"},
};

INSTANTIATE_TEST_SUITE_P(Every, Blocks, testing::ValuesIn(kCases),
                         [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace hindcast::propagate
