//! Accounts, sessions, invitations and the first owner.

mod invitations;
mod sessions;
mod setup;
mod users;

pub use invitations::AcceptError;
pub use sessions::NewSession;
pub(crate) use sessions::has_token;
pub use setup::SetUpError;
pub(crate) use users::find_user;
pub use users::{ChangeUserError, CreateUserError, NewUser, PasswordHash};
