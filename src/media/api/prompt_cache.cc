#include "media/api/prompt_cache.h"

namespace tandem::media {

CachedPrompt* PromptCache::find(const std::string& key) {
  const auto found = index_.find(key);
  if (found == index_.end()) return nullptr;
  items_.splice(items_.begin(), items_, found->second);
  return &found->second->cached;
}

void PromptCache::put(const std::string& key, CachedPrompt cached) {
  erase(key);
  items_.push_front({key, std::move(cached), 0});
  index_[key] = items_.begin();
  measure(items_.front());
  trim();
}

void PromptCache::erase(const std::string& key) {
  const auto found = index_.find(key);
  if (found == index_.end()) return;
  bytes_ -= found->second->bytes;
  items_.erase(found->second);
  index_.erase(found);
}

void PromptCache::refresh(const std::string& key) {
  const auto found = index_.find(key);
  if (found == index_.end()) return;
  measure(*found->second);
  trim();
}

void PromptCache::measure(Item& item) {
  bytes_ -= item.bytes;
  item.bytes = item.key.size() + sizeof(Item) + item.cached.prompt->memory_bytes();
  bytes_ += item.bytes;
}

void PromptCache::trim() {
  while (bytes_ > limit_bytes_ && !items_.empty()) erase(std::string(items_.back().key));
}

}  // namespace tandem::media
