-- A list of pending entries after all, a short one: written in batches the index costs a third, and going through so short
-- a list takes less than a millisecond.
alter index library_words_by_word set (fastupdate = on, gin_pending_list_limit = 1024);
