-- An invitation to somebody who has an account lets them choose a new password; null where it makes an account.

alter table invitations add column resets blob references users (id) on delete cascade;
