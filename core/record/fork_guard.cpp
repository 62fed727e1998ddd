// SPDX-License-Identifier: Apache-2.0
#include "core/record/fork_guard.h"

#include <pthread.h>
#include <unistd.h>

#include <mutex>

namespace hindcast::record {

std::atomic<std::uint64_t> ForkGuard::s_generation{1};

namespace {
// Plain globals without constructors or destructors: handlers may run while the process ends.
pthread_mutex_t g_mutex = PTHREAD_MUTEX_INITIALIZER;
ForkGuard* g_first = nullptr;
std::once_flag g_registered;
}  // namespace

ForkGuard::ForkGuard(int journalDescriptor)
    : m_generation(s_generation.load(std::memory_order_relaxed)), m_descriptor(journalDescriptor) {
    std::call_once(g_registered, [] { pthread_atfork(beforeFork, inParent, afterForkInChild); });
    pthread_mutex_lock(&g_mutex);
    m_next = g_first;
    g_first = this;
    pthread_mutex_unlock(&g_mutex);
}

ForkGuard::~ForkGuard() {
    retire();
}

void ForkGuard::retire() {
    if (inChild()) return;  // the list was emptied
    pthread_mutex_lock(&g_mutex);
    for (ForkGuard** link = &g_first; *link != nullptr; link = &(*link)->m_next) {
        if (*link == this) {
            *link = m_next;
            break;
        }
    }
    pthread_mutex_unlock(&g_mutex);
}

void ForkGuard::beforeFork() {
    pthread_mutex_lock(&g_mutex);
}
void ForkGuard::inParent() {
    pthread_mutex_unlock(&g_mutex);
}

void ForkGuard::afterForkInChild() {
    for (ForkGuard* guard = g_first; guard != nullptr; guard = guard->m_next) ::close(guard->m_descriptor);
    g_first = nullptr;
    s_generation.fetch_add(1, std::memory_order_relaxed);
    pthread_mutex_unlock(&g_mutex);
}

}  // namespace hindcast::record
