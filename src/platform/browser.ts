// The platform in a browser.
import type { DesktopNotifications, Platform } from './platform.ts'

/** Creates the platform. The nonce is in the URL fragment, and is removed from the address bar and the history immediately. */
export function createBrowserPlatform(): Platform {
  let initialTab: string | null = null
  let initialView: string | null = null
  return {
    backendUrl: '',
    takeNonce() {
      const [nonce = '', tab, view] = location.hash.slice(1).split('.')
      initialTab = tab || null
      initialView = view || null
      if (nonce === '') return null
      history.replaceState(null, '', location.pathname)
      return nonce
    },
    initialTab: () => initialTab,
    initialView: () => initialView,
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
    ...('Notification' in window && { notifications }),
  }
}

const notifications: DesktopNotifications = {
  async allow() {
    const { permission } = Notification
    return (permission === 'default' ? await Notification.requestPermission() : permission) === 'granted'
  },
  show({ key, title, text, onOpen }) {
    if (Notification.permission !== 'granted') return
    const notification = new Notification(title, { body: text, tag: `serena-deck:${key}` })
    notification.onclick = () => {
      window.focus()
      onOpen()
      notification.close()
    }
  },
}
