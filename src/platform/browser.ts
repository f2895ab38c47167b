// The page in a browser.
import type { DesktopNotices, Platform } from './platform.ts'

/** The browser's own means: the nonce comes in the fragment and leaves the address bar and the history at once. */
export function createBrowserPlatform(): Platform {
  let wantedTab: string | null = null
  return {
    backendUrl: '',
    takeNonce() {
      const [nonce = '', tab] = location.hash.slice(1).split('.')
      wantedTab = tab ?? null
      if (nonce === '') return null
      history.replaceState(null, '', location.pathname)
      return nonce
    },
    wantedTab: () => wantedTab,
    copyText: (text) => navigator.clipboard.writeText(text),
    saveText(fileName, text) {
      const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
      const link = document.createElement('a')
      link.href = url
      link.download = fileName
      link.click()
      setTimeout(() => URL.revokeObjectURL(url), 10_000)
      return fileName
    },
    ...('Notification' in window && { notices }),
  }
}

const notices: DesktopNotices = {
  async allow() {
    const { permission } = Notification
    return (permission === 'default' ? await Notification.requestPermission() : permission) === 'granted'
  },
  show({ key, title, text, onOpen }) {
    if (Notification.permission !== 'granted') return
    const notice = new Notification(title, { body: text, tag: `serena-deck:${key}` })
    notice.onclick = () => {
      window.focus()
      onOpen()
      notice.close()
    }
  },
}
