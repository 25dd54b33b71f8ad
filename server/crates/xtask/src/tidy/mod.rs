use crate::workspace::Workspace;
pub fn report(_: &Workspace) -> anyhow::Result<()> {
    anyhow::bail!("not yet")
}
